/// A whole database under a simulated clock and a seeded scheduler: one thread runs at a time, time passes only when nobody can run, and the
/// seed decides everything.
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.testkit.simulation;
