package io.heliosdb.nano.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import io.heliosdb.nano.DatabaseConfig;
import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Date;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.util.PSQLException;

/// Who is let in: trust, cleartext passwords, SCRAM-SHA-256, TLS, limits and deadlines, on servers over one database.
/// Messages and SQLSTATEs are PostgreSQL 15's.
@Timeout(60)
class AuthenticationTest {
  /// What PostgreSQL writes for the password "sesame" with 4096 iterations; RFC 5803.
  private static final String SESAME = PasswordVerifiers.makeScram("sesame");

  @TempDir private static Path files;
  private static EmbeddedDatabase db;
  private static SSLContext tls;
  private static final Map<ServerOptions.Authentication, PgServer> SERVERS = new EnumMap<>(ServerOptions.Authentication.class);

  @BeforeAll
  static void start() throws Exception {
    db = EmbeddedDatabase.newInMemory();
    db.execute("CREATE ROLE argon LOGIN PASSWORD '" + PasswordVerifiers.makeArgon2id("öpen sesame") + "'");
    db.execute("CREATE ROLE scram LOGIN PASSWORD '" + SESAME + "'");
    db.execute("CREATE ROLE plain LOGIN PASSWORD 'sesame'");
    db.execute("CREATE ROLE locked NOLOGIN PASSWORD 'sesame'");
    db.execute("CREATE ROLE passwordless LOGIN");
    db.execute("CREATE ROLE expired LOGIN PASSWORD 'sesame' VALID UNTIL '2001-01-01'");
    db.execute("CREATE ROLE lasting LOGIN PASSWORD 'sesame' VALID UNTIL 'infinity'");
    db.execute("CREATE ROLE single LOGIN PASSWORD 'sesame' CONNECTION LIMIT 1");
    tls = Tls.context(files.resolve("server.crt"), selfSigned(files, "RSA"));
    for (ServerOptions.Authentication method : ServerOptions.Authentication.values()) {
      SSLContext context = method == ServerOptions.Authentication.PASSWORD ? tls : null;
      SERVERS.put(method, PgServer.start(db.engine(), new ServerOptions("127.0.0.1", 0, method, 50, context)));
    }
  }

  @AfterAll
  static void stop() {
    SERVERS.values().forEach(PgServer::close);
    db.close();
  }

  /// Writes `server.crt` and `server.key` and gives the key's path.
  private static Path selfSigned(Path directory, String algorithm) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(algorithm.equals("RSA") ? 2048 : 256);
    KeyPair pair = generator.generateKeyPair();
    X500Name name = new X500Name("CN=localhost");
    Instant now = Instant.now();
    var builder =
        new JcaX509v3CertificateBuilder(
            name, BigInteger.ONE, Date.from(now.minus(1, ChronoUnit.DAYS)), Date.from(now.plus(1, ChronoUnit.DAYS)), name, pair.getPublic());
    String signature = algorithm.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    X509Certificate certificate =
        new JcaX509CertificateConverter().getCertificate(builder.build(new JcaContentSignerBuilder(signature).build(pair.getPrivate())));
    writePem(directory.resolve("server.crt"), certificate);
    if (pair.getPrivate() instanceof ECPrivateKey elliptic) {
      // As `openssl ecparam -genkey` writes it: the curve in a block of its own, then the key (SEC1), here without its public half.
      ASN1ObjectIdentifier curve = SECObjectIdentifiers.secp256r1;
      writePem(
          directory.resolve("server.key"),
          new PemObject("EC PARAMETERS", curve.getEncoded()),
          new PemObject("EC PRIVATE KEY", new org.bouncycastle.asn1.sec.ECPrivateKey(256, elliptic.getS(), curve).getEncoded()));
    } else {
      writePem(directory.resolve("server.key"), pair.getPrivate());
    }
    writePem(directory.resolve("pkcs8.key"), new PemObject("PRIVATE KEY", pair.getPrivate().getEncoded()));
    return directory.resolve("server.key");
  }

  private static void writePem(Path path, Object... objects) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
      for (Object object : objects) {
        pem.writeObject(object);
      }
    }
    Files.writeString(path, text.toString());
  }

  private static int port(ServerOptions.Authentication method) {
    return SERVERS.get(method).port();
  }

  private static Connection jdbc(ServerOptions.Authentication method, String user, String password, String options) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    if (password != null) {
      properties.setProperty("password", password);
    }
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port(method) + "/heliosdb?" + options, properties);
  }

  private static void assertAdmitted(ServerOptions.Authentication method, String user, String password) throws SQLException {
    try (Connection c = jdbc(method, user, password, "sslmode=disable");
        ResultSet row = c.createStatement().executeQuery("SELECT current_user, session_user")) {
      row.next();
      assertEquals(user, row.getString(1));
      assertEquals(user, row.getString(2));
    }
  }

  private static void assertRefused(String state, String message, ServerOptions.Authentication method, String user, String password) {
    PSQLException e = assertThrows(PSQLException.class, () -> jdbc(method, user, password, "sslmode=disable").close());
    assertEquals(state, e.getSQLState());
    assertEquals(message, e.getServerErrorMessage().getMessage());
    assertEquals("FATAL", e.getServerErrorMessage().getSeverity());
  }

  @Test
  void trust_admits_every_role_that_may_log_in() throws SQLException {
    assertAdmitted(ServerOptions.Authentication.TRUST, "passwordless", null);
    assertAdmitted(ServerOptions.Authentication.TRUST, "expired", "whatever");
    assertRefused("28000", "role \"nobody\" does not exist", ServerOptions.Authentication.TRUST, "nobody", null);
    assertRefused("28000", "role \"locked\" is not permitted to log in", ServerOptions.Authentication.TRUST, "locked", null);
  }

  @Test
  void cleartext_password_is_checked_against_argon2id_and_scram_verifiers() throws SQLException {
    var method = ServerOptions.Authentication.PASSWORD;
    assertAdmitted(method, "argon", "öpen sesame");
    assertAdmitted(method, "scram", "sesame");
    assertAdmitted(method, "plain", "sesame");
    for (String user : new String[] {"argon", "scram", "plain", "passwordless", "nobody", "expired", "locked"}) {
      assertRefused("28P01", "password authentication failed for user \"" + user + "\"", method, user, "wrong");
    }
    assertRefused("28P01", "password authentication failed for user \"expired\"", method, "expired", "sesame");
    assertRefused("28000", "role \"locked\" is not permitted to log in", method, "locked", "sesame");
    assertAdmitted(method, "lasting", "sesame");
  }

  @Test
  void stored_password_is_never_the_password() {
    db.query("SELECT rolpassword FROM pg_authid WHERE rolpassword IS NOT NULL").forEach(row -> {
      assertFalse(row.getString(0).contains("sesame"));
      assertTrue(row.getString(0).matches("(SCRAM-SHA-256\\$4096:|\\$argon2id\\$v=19\\$).*"));
    });
  }

  @Test
  void scram_through_the_driver() throws SQLException {
    var method = ServerOptions.Authentication.SCRAM_SHA_256;
    assertAdmitted(method, "scram", "sesame");
    assertAdmitted(method, "plain", "sesame");
    assertAdmitted(method, "lasting", "sesame");
    for (String user : new String[] {"scram", "plain", "argon", "passwordless", "nobody", "locked"}) {
      assertRefused("28P01", "password authentication failed for user \"" + user + "\"", method, user, "wrong");
    }
    assertRefused("28P01", "password authentication failed for user \"expired\"", method, "expired", "sesame");
    assertRefused("28000", "role \"locked\" is not permitted to log in", method, "locked", "sesame");
  }

  /// The client's side of the dialogue of RFC 5802, with every message open to change.
  private static final class ScramDialogue implements AutoCloseable {
    final WireClient client;
    final String clientNonce = "rOprNGfwEbeRWgbNEkqO";
    String serverFirst = "";

    ScramDialogue(String user) throws IOException {
      client = new WireClient(port(ServerOptions.Authentication.SCRAM_SHA_256));
      client.startup(WireClient.PROTOCOL_3_0, "user", user, "database", "heliosdb");
      WireClient.Reply request = client.read();
      assertEquals('R', request.type());
      assertEquals(10, request.body().getInt(0));
      assertEquals("SCRAM-SHA-256\0\0", request.text().substring(4));
    }

    void first(String mechanism, String message) throws IOException {
      byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
      client.send('p', mechanism, bytes.length, bytes);
    }

    void first() throws IOException {
      first("SCRAM-SHA-256", "n,,n=,r=" + clientNonce);
      WireClient.Reply reply = client.read();
      assertEquals(11, reply.body().getInt(0));
      serverFirst = reply.text().substring(4);
      assertTrue(serverFirst.matches("r=" + clientNonce + ".{24,},s=[A-Za-z0-9+/=]+,i=4096"), serverFirst);
    }

    String nonces() {
      return serverFirst.split(",")[0].substring(2);
    }

    String salt() {
      return serverFirst.split(",")[1].substring(2);
    }

    String finalMessage(String password) {
      String withoutProof = "c=biws,r=" + nonces();
      String authMessage = "n=,r=" + clientNonce + "," + serverFirst + "," + withoutProof;
      byte[] salted =
          ScramFunctions.saltedPassword(
              ScramMechanism.SCRAM_SHA_256, StringPreparation.POSTGRESQL_PREPARATION, password.toCharArray(), Base64.getDecoder().decode(salt()), 4096);
      byte[] clientKey = ScramFunctions.clientKey(ScramMechanism.SCRAM_SHA_256, salted);
      byte[] signature =
          ScramFunctions.clientSignature(ScramMechanism.SCRAM_SHA_256, ScramFunctions.storedKey(ScramMechanism.SCRAM_SHA_256, clientKey), authMessage);
      return withoutProof + ",p=" + Base64.getEncoder().encodeToString(ScramFunctions.clientProof(clientKey, signature));
    }

    void last(String message) throws IOException {
      client.send('p', message.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
      client.close();
    }
  }

  @Test
  void scram_message_by_message() throws IOException {
    try (ScramDialogue d = new ScramDialogue("scram")) {
      d.first();
      d.last(d.finalMessage("sesame"));
      WireClient.Reply signed = d.client.read();
      assertEquals(12, signed.body().getInt(0));
      assertTrue(signed.text().substring(4).startsWith("v="));
      assertEquals("RKZ", d.client.readUntilReady());
    }
    try (ScramDialogue d = new ScramDialogue("scram")) {
      d.first();
      d.last(d.finalMessage("wrong"));
      d.client.assertFatalAndClosed("28P01");
    }
    // A proof of an earlier dialogue, another's nonce, no proof, and words that are no SCRAM.
    String replay;
    try (ScramDialogue d = new ScramDialogue("scram")) {
      d.first();
      replay = d.finalMessage("sesame");
    }
    for (String last : new String[] {replay, "c=biws,r=other,p=AAAA", "c=biws", "", "c=biws,r=NONCES,p=!", "c=eSws,r=NONCES,p=AAAA", "p=", "\0"}) {
      try (ScramDialogue d = new ScramDialogue("scram")) {
        d.first();
        d.last(last.replace("NONCES", d.nonces()));
        d.client.assertFatalAndClosed("08P01");
      }
    }
    for (String first : new String[] {"n,,n=,r=", "n,,", "p=tls-server-end-point,,n=,r=abc", "", ",,,,", "r=abc"}) {
      try (ScramDialogue d = new ScramDialogue("scram")) {
        d.first("SCRAM-SHA-256", first);
        d.client.assertFatalAndClosed("08P01");
      }
    }
    try (ScramDialogue d = new ScramDialogue("scram")) {
      d.first("SCRAM-SHA-1", "n,,n=,r=abc");
      d.client.assertFatalAndClosed("08P01");
    }
    try (ScramDialogue d = new ScramDialogue("scram")) {
      d.client.send('p', "SCRAM-SHA-256", Integer.MAX_VALUE);
      d.client.assertFatalAndClosed("08P01");
    }
  }

  @Test
  void scram_does_not_tell_who_exists() throws IOException {
    for (String user : new String[] {"nobody", "argon", "passwordless", "scram"}) {
      Set<String> salts = new HashSet<>();
      for (int i = 0; i < 2; i++) {
        try (ScramDialogue d = new ScramDialogue(user)) {
          d.first();
          salts.add(d.salt());
          d.last(d.finalMessage("wrong"));
          WireClient.Reply refused = d.client.assertFatalAndClosed("28P01");
          assertEquals("password authentication failed for user \"" + user + "\"", refused.field('M'));
          assertEquals("", refused.field('D'));
        }
      }
      assertEquals(1, salts.size(), "the salt of " + user + " changes from login to login");
    }
  }

  @Test
  void login_dialogue_takes_no_other_messages_and_no_large_ones() throws IOException {
    try (WireClient c = new WireClient(port(ServerOptions.Authentication.PASSWORD))) {
      c.startup(WireClient.PROTOCOL_3_0, "user", "scram", "database", "heliosdb");
      assertEquals(3, c.read().body().getInt(0));
      c.send('Q', "SELECT 1");
      c.assertFatalAndClosed("08P01");
    }
    // Before a client is known, a length word must not make the server set memory aside (PostgreSQL's limit is 65,535).
    try (WireClient c = new WireClient(port(ServerOptions.Authentication.PASSWORD))) {
      c.startup(WireClient.PROTOCOL_3_0, "user", "scram", "database", "heliosdb");
      assertEquals(3, c.read().body().getInt(0));
      c.out.writeByte('p');
      c.out.writeInt(70_000);
      c.out.flush();
      c.assertFatalAndClosed("08P01");
    }
    try (WireClient c = new WireClient(port(ServerOptions.Authentication.TRUST))) {
      c.startup(WireClient.PROTOCOL_3_0, "database", "heliosdb");
      assertEquals("no PostgreSQL user name specified in startup packet", c.assertFatalAndClosed("28000").field('M'));
    }
    try (WireClient c = new WireClient(port(ServerOptions.Authentication.TRUST))) {
      c.startup(WireClient.PROTOCOL_3_0, "user", "plain", "database", "elsewhere");
      assertEquals('R', c.read().type());
      assertEquals("database \"elsewhere\" does not exist", c.assertFatalAndClosed("3D000").field('M'));
    }
    try (WireClient c = new WireClient(port(ServerOptions.Authentication.TRUST))) {
      c.startup(WireClient.PROTOCOL_3_0, "user", "plain", "database", "heliosdb", "no_such_setting", "1");
      assertEquals('R', c.read().type());
      assertEquals("unrecognized configuration parameter \"no_such_setting\"", c.assertFatalAndClosed("42704").field('M'));
    }
  }

  @Test
  void tls_encrypts_what_follows() throws Exception {
    var method = ServerOptions.Authentication.PASSWORD;
    try (Connection c = jdbc(method, "scram", "sesame", "sslmode=require")) {
      assertTrue(c.isValid(5));
    }
    Path certificate = files.resolve("server.crt");
    try (Connection c = jdbc(method, "scram", "sesame", "sslmode=verify-ca&sslrootcert=" + certificate)) {
      assertTrue(c.isValid(5));
    }
    PSQLException refused = assertThrows(PSQLException.class, () -> jdbc(ServerOptions.Authentication.TRUST, "scram", null, "sslmode=require").close());
    assertEquals("The server does not support SSL.", refused.getMessage());
    try (WireClient c = new WireClient(port(ServerOptions.Authentication.TRUST))) {
      assertEquals('N', c.requestTls());
      c.startup(WireClient.PROTOCOL_3_0);
      assertEquals("RKZ", c.readUntilReady());
    }
  }

  @Test
  void large_results_and_input_pass_through_tls() throws Exception {
    try (Connection c = jdbc(ServerOptions.Authentication.PASSWORD, "scram", "sesame", "sslmode=require");
        var statement = c.prepareStatement("SELECT md5(?::text), repeat('x', 300000) FROM generate_series(1, 3)")) {
      statement.setString(1, "y".repeat(400_000));
      try (ResultSet rows = statement.executeQuery()) {
        int count = 0;
        while (rows.next()) {
          count++;
          assertEquals(300_000, rows.getString(2).length());
        }
        assertEquals(3, count);
      }
    }
  }

  @Test
  void bytes_smuggled_in_front_of_the_handshake_are_refused() throws IOException {
    int port = port(ServerOptions.Authentication.PASSWORD);
    try (WireClient c = new WireClient(port)) {
      byte[] startup = WireClient.body(8, WireClient.SSL_REQUEST, 40, WireClient.PROTOCOL_3_0, "user", "scram", "");
      c.out.write(startup);
      c.out.flush();
      assertEquals('S', c.in.read());
      c.assertClosed();
    }
    // A client that starts with TLS at once (PostgreSQL 17's "direct" negotiation) is answered in the clear and closed.
    try (WireClient c = new WireClient(port)) {
      c.out.write(new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3});
      c.out.flush();
      assertEquals("invalid length of startup packet", c.assertFatalAndClosed("08P01").field('M'));
    }
    // No second TLS inside TLS.
    try (WireClient c = new WireClient(port)) {
      assertEquals('S', c.requestTls());
      SSLSocket secure = (SSLSocket) trustingContext().getSocketFactory().createSocket(c.socket, "localhost", port, true);
      secure.startHandshake();
      c.use(secure);
      assertEquals('N', c.requestTls());
      c.startup(WireClient.PROTOCOL_3_0, "user", "scram", "database", "heliosdb");
      assertEquals(3, c.read().body().getInt(0));
      c.send('p', "sesame");
      assertEquals("RKZ", c.readUntilReady());
    }
    // A handshake that fails ends its connection only.
    try (WireClient c = new WireClient(port)) {
      assertEquals('S', c.requestTls());
      c.out.write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      c.out.flush();
      while (c.in.read() >= 0) {}
    } catch (java.net.SocketException e) {
      assertEquals("Connection reset", e.getMessage());
    }
  }

  private static SSLContext trustingContext() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustEverything()}, null);
      return context;
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The test's own certificate cannot be verified by anybody.
  private static final class TrustEverything implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Test
  void key_files_of_every_usual_form_are_read(@TempDir Path directory) throws Exception {
    selfSigned(directory, "EC");
    Path certificate = directory.resolve("server.crt");
    Tls.context(certificate, directory.resolve("pkcs8.key"));
    Tls.context(files.resolve("server.crt"), files.resolve("pkcs8.key"));
    SSLContext elliptic = Tls.context(certificate, directory.resolve("server.key"));
    try (PgServer server = PgServer.start(db.engine(), new ServerOptions("127.0.0.1", 0, ServerOptions.Authentication.TRUST, 5, elliptic));
        Connection c = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + server.port() + "/heliosdb?sslmode=require", "postgres", "")) {
      assertTrue(c.isValid(5));
    }
    Files.writeString(directory.resolve("noise.key"), "no key at all");
    for (Path key : new Path[] {directory.resolve("noise.key"), directory.resolve("missing.key"), certificate, files.resolve("server.key")}) {
      SqlException e = assertThrows(SqlException.class, () -> Tls.context(certificate, key));
      assertEquals(SqlState.CONFIG_FILE_ERROR, e.state());
      assertTrue(e.getMessage().contains(key.toString()), e.getMessage());
    }
  }

  @Test
  void connection_limit_of_a_role() throws SQLException {
    var method = ServerOptions.Authentication.SCRAM_SHA_256;
    try (Connection first = jdbc(method, "single", "sesame", "sslmode=disable")) {
      assertRefused("53300", "too many connections for role \"single\"", method, "single", "sesame");
      assertTrue(first.isValid(5));
    }
    assertAdmitted(method, "scram", "sesame");
  }

  @Test
  void login_that_takes_too_long_is_ended() throws IOException {
    try (EmbeddedDatabase hasty = EmbeddedDatabase.newInMemory(DatabaseConfig.DEFAULT.withSetting("authentication_timeout", "1"));
        PgServer server = PgServer.start(hasty.engine(), new ServerOptions("127.0.0.1", 0, ServerOptions.Authentication.PASSWORD, 5, null));
        WireClient silent = new WireClient(server.port());
        WireClient slow = new WireClient(server.port())) {
      slow.startup(WireClient.PROTOCOL_3_0);
      assertEquals(3, slow.read().body().getInt(0));
      assertEquals("canceling authentication due to timeout", slow.assertFatalAndClosed("57014").field('M'));
      silent.assertClosed();
    }
  }
}
