/// Dumps that are made by themselves: at times that a cron expression names.
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.persistence.dump.schedule;
