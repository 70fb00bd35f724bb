package io.heliosdb.nano.wire;

import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// How a server listens and whom it lets in.
///
/// @param address interface to bind, such as `127.0.0.1` or `0.0.0.0`
/// @param port TCP port, 0 for any free one
/// @param authentication the method for every user
/// @param tls context for encrypted connections, null for none
public record ServerOptions(String address, int port, Authentication authentication, int connectionCountMax, @Nullable SSLContext tls) {
  public enum Authentication { TRUST, PASSWORD, SCRAM_SHA_256 }

  public static ServerOptions localTrust(int port) {
    return new ServerOptions("127.0.0.1", port, Authentication.TRUST, 100, null);
  }
}
