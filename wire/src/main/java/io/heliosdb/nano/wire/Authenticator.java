package io.heliosdb.nano.wire;

import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.session.DatabaseEngine;
import org.jspecify.annotations.Nullable;

/// The authentication dialogue of one connection.
///
/// Which dialogue a user gets depends on the server's method and on the kind of verifier stored: a SCRAM verifier serves both methods, an
/// argon2id hash only the password method. A user who does not exist goes through the same dialogue and fails at its end.
interface Authenticator {
  /// Writes the first request; true if nothing more is needed.
  boolean begin(MessageWriter writer);

  /// Takes one password message; true when the user is who he says.
  ///
  /// @throws SqlException 28P01 wrong password, 28000 unknown role, 08P01 malformed
  boolean respond(MessageReader reader, MessageWriter writer);

  static Authenticator create(DatabaseEngine engine, ServerOptions options, String user, String clientAddress, boolean encrypted) {
    Catalog.Role role = engine.findRole(user);
    return switch (options.authentication()) {
      case TRUST -> new Trust(user, role);
      case PASSWORD -> new Password(user, role, verifier(engine, role));
      case SCRAM_SHA_256 -> new ScramAuthentication(user, role, verifier(engine, role));
    };
  }

  /// What the password is checked against; null when there is none that still works.
  private static @Nullable String verifier(DatabaseEngine engine, Catalog.@Nullable Role role) {
    return role == null || engine.isPasswordExpired(role) ? null : role.password();
  }

  static SqlException wrongPassword(String user) {
    return new SqlException(SqlState.INVALID_PASSWORD, "password authentication failed for user \"" + user + "\"");
  }

  static void checkMayLogIn(String user, Catalog.@Nullable Role role) {
    if (role == null) {
      throw new SqlException(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, "role \"" + user + "\" does not exist");
    }
    if (!role.canLogin()) {
      throw new SqlException(SqlState.INVALID_AUTHORIZATION_SPECIFICATION, "role \"" + user + "\" is not permitted to log in");
    }
  }

  /// Everybody who names a role that may log in.
  record Trust(String user, Catalog.@Nullable Role role) implements Authenticator {
    @Override
    public boolean begin(MessageWriter writer) {
      checkMayLogIn(user, role);
      return true;
    }

    @Override
    public boolean respond(MessageReader reader, MessageWriter writer) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "unexpected password message");
    }
  }

  /// AuthenticationCleartextPassword, checked against an argon2id hash or a SCRAM verifier.
  record Password(String user, Catalog.@Nullable Role role, @Nullable String verifier) implements Authenticator {
    @Override
    public boolean begin(MessageWriter writer) {
      writer.authentication(3);
      return false;
    }

    @Override
    public boolean respond(MessageReader reader, MessageWriter writer) {
      String password = reader.string();
      if (!PasswordVerifiers.verify(verifier, password)) {
        throw wrongPassword(user);
      }
      checkMayLogIn(user, role);
      return true;
    }
  }
}
