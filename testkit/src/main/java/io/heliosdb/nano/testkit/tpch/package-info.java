/// The TPC-H workload: rows by the distributions of the specification (section 4.2), the 22 queries with their validation parameters, and
/// a comparison with PostgreSQL. The rows are the same for a scale on every run and machine; they are not dbgen's own.
package io.heliosdb.nano.testkit.tpch;
