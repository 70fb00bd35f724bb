/// Keys, ciphers and files in memory for encryption at rest; `docs/encryption.md` describes threat model, key hierarchy and file layouts.
@org.jspecify.annotations.NullMarked
package io.heliosdb.nano.storage.crypto;
