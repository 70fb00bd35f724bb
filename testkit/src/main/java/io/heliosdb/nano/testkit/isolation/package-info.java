/// Replays interleavings of several sessions, step by step, on any server that speaks the PostgreSQL protocol.
///
/// ```
///   .spec text --SpecParser--> IsolationSpec --SpecRunner--> transcript (the .out format)
///                                                |
///                              SessionConnection per session + one that asks who is blocked
/// ```
/// Scripts and transcripts have the form of PostgreSQL's isolation tester, so either server can run the other's.
/// Source: PostgreSQL 15, src/test/isolation/README and the observable behaviour of its isolation tester.
@NullMarked
package io.heliosdb.nano.testkit.isolation;

import org.jspecify.annotations.NullMarked;
