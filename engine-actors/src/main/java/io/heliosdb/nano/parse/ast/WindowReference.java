package io.heliosdb.nano.parse.ast;

/// What stands after OVER: the name of a window or a definition in place.
public sealed interface WindowReference permits WindowReference.Named, WindowDefinition {
  /// `OVER name`.
  record Named(String name, int position) implements WindowReference {}
}
