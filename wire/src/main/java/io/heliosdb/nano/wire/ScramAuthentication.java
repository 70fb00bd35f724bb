package io.heliosdb.nano.wire;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import io.heliosdb.nano.catalog.Catalog;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// SCRAM-SHA-256 as PostgreSQL speaks it (RFC 5802, RFC 7677), without channel binding.
///
/// ```
///   server: AuthenticationSASL [SCRAM-SHA-256]
///   client: n,,n=,r=<client nonce>          server: r=<nonces>,s=<salt>,i=<iterations>
///   client: c=biws,r=<nonces>,p=<proof>     server: v=<server signature>, AuthenticationOk
/// ```
final class ScramAuthentication implements Authenticator {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String user;
  private final Catalog.@Nullable Role role;
  private final PasswordVerifiers.Scram verifier;
  private final boolean known;
  private @Nullable String clientFirstBare;
  private @Nullable String serverFirst;
  private @Nullable String nonces;
  private String gs2Header = "";

  /// @param storedVerifier null, or of another kind, when no password can be right
  ScramAuthentication(String user, Catalog.@Nullable Role role, @Nullable String storedVerifier) {
    this.user = user;
    this.role = role;
    PasswordVerifiers.Scram stored = PasswordVerifiers.Scram.parse(storedVerifier);
    known = stored != null;
    verifier = known ? stored : new PasswordVerifiers.Scram(4096, mockSalt(user), new byte[32], new byte[32]);
  }

  /// The same salt for the same unknown user each time, so that nobody learns from it whether the user exists.
  private static byte[] mockSalt(String user) {
    return Arrays.copyOf(ScramFunctions.hash(ScramMechanism.SCRAM_SHA_256, ("mock" + user + MockSecret.VALUE).getBytes(StandardCharsets.UTF_8)), 16);
  }

  private static final class MockSecret {
    static final String VALUE = ScramFunctions.nonce(24, RANDOM);
  }

  @Override
  public boolean begin(MessageWriter writer) {
    writer.begin('R');
    writer.sink().putInt(10);
    writer.string("SCRAM-SHA-256");
    writer.sink().put(0);
    writer.end();
    return false;
  }

  @Override
  public boolean respond(MessageReader reader, MessageWriter writer) {
    if (clientFirstBare == null) {
      clientFirst(reader, writer);
      return false;
    }
    return clientFinal(reader, writer);
  }

  private void clientFirst(MessageReader reader, MessageWriter writer) {
    String mechanism = reader.string();
    if (!mechanism.equals("SCRAM-SHA-256")) {
      throw new SqlException(SqlState.PROTOCOL_VIOLATION, "client selected an invalid SASL authentication mechanism");
    }
    int length = reader.intValue();
    String message = new String(reader.take(length), StandardCharsets.UTF_8);
    int bareStart = message.indexOf(',', message.indexOf(',') + 1) + 1;
    if (bareStart <= 0 || !(message.startsWith("n,") || message.startsWith("y,"))) {
      throw malformed();
    }
    gs2Header = message.substring(0, bareStart);
    String bare = message.substring(bareStart);
    String clientNonce = null;
    for (String attribute : bare.split(",")) {
      if (attribute.startsWith("m=")) {
        throw SqlException.notSupported("a SCRAM extension that the client requires");
      }
      if (attribute.startsWith("r=")) {
        clientNonce = attribute.substring(2);
      }
    }
    if (clientNonce == null || clientNonce.isEmpty()) {
      throw malformed();
    }
    clientFirstBare = bare;
    nonces = clientNonce + ScramFunctions.nonce(24, RANDOM);
    serverFirst = "r=" + nonces + ",s=" + Base64.getEncoder().encodeToString(verifier.salt()) + ",i=" + verifier.iterations();
    send(writer, 11, serverFirst);
  }

  private boolean clientFinal(MessageReader reader, MessageWriter writer) {
    String message = new String(reader.take(reader.remaining()), StandardCharsets.UTF_8);
    int proofAt = message.lastIndexOf(",p=");
    if (proofAt < 0) {
      throw malformed();
    }
    String withoutProof = message.substring(0, proofAt);
    String[] attributes = withoutProof.split(",");
    String channel = Base64.getEncoder().encodeToString(gs2Header.getBytes(StandardCharsets.UTF_8));
    if (attributes.length < 2 || !attributes[0].equals("c=" + channel) || !attributes[1].equals("r=" + nonces)) {
      throw malformed();
    }
    String authMessage = clientFirstBare + "," + serverFirst + "," + withoutProof;
    byte[] proof;
    try {
      proof = Base64.getDecoder().decode(message.substring(proofAt + 3));
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
    boolean right = proof.length == 32 && ScramFunctions.verifyClientProof(ScramMechanism.SCRAM_SHA_256, proof, verifier.storedKey(), authMessage);
    if (!known || !right) {
      throw Authenticator.wrongPassword(user);
    }
    Authenticator.checkMayLogIn(user, role);
    byte[] signature = ScramFunctions.serverSignature(ScramMechanism.SCRAM_SHA_256, verifier.serverKey(), authMessage);
    send(writer, 12, "v=" + Base64.getEncoder().encodeToString(signature));
    return true;
  }

  private static void send(MessageWriter writer, int code, String text) {
    writer.begin('R');
    writer.sink().putInt(code).putAscii(text);
    writer.end();
  }

  private static SqlException malformed() {
    return new SqlException(SqlState.PROTOCOL_VIOLATION, "malformed SCRAM message");
  }
}
