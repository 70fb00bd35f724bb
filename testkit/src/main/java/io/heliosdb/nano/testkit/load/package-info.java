/// Load that a server has to survive: sessions that try to take all memory, thousands of connections. Each class is a program of its own;
/// small sizes of them run as tests.
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.testkit.load;
