package io.heliosdb.nano.type;

/// The Java form of a type's values: a primitive in column vectors, the boxed class elsewhere (`docs/architecture.md`,
/// "Values").
public enum Representation {
  BOOL,
  INT32,
  INT64,
  FLOAT32,
  FLOAT64,
  TEXT,
  OBJECT
}
