package io.heliosdb.nano.session;

import io.heliosdb.nano.lock.TableLockMode;

/// A table lock that a plan takes before it runs.
record TableLockNeed(int oid, TableLockMode mode) {}
