package io.heliosdb.nano.storage.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// AES-256-GCM over numbered blocks under the key of one file (NIST SP 800-38D).
///
/// The nonce is the block's number, 8 bytes behind 4 zeros, so blocks cannot change places. A number must never be used twice for sealing
/// under one key, which is why every use of a file draws a salt of its own. Confined to one thread at a time.
///
/// Long content goes in blocks of [#BLOCK_BYTES], numbered on from the first: the virtual machine makes fast code for a cipher only after
/// some thousand calls, so a few long ones would all be slow. The length belongs into what is associated.
public final class FileCipher {
  public static final int TAG_BYTES = 16;

  /// Bytes of the salts that callers draw.
  public static final int SALT_BYTES = 32;

  /// Bytes of a block of long content; the last may be shorter.
  public static final int BLOCK_BYTES = 16 << 10;

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 8 * TAG_BYTES;
  private static final byte[] NOTHING = {};

  private final SecretKeySpec key;
  private final Cipher cipher;
  private final byte[] nonce = new byte[NONCE_BYTES];

  FileCipher(byte[] keyBytes) {
    key = new SecretKeySpec(keyBytes, "AES");
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw failed(e);
    }
  }

  private static IllegalStateException failed(GeneralSecurityException e) {
    return new IllegalStateException("AES-256-GCM failed: " + e.getMessage(), e);
  }

  private void init(int mode, long number, byte[] associated) throws GeneralSecurityException {
    for (int i = 0; i < 8; i++) {
      nonce[4 + i] = (byte) (number >>> (56 - 8 * i));
    }
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(associated);
  }

  /// Seals a block; what it writes is [#TAG_BYTES] longer.
  ///
  /// @param associated what must be the same for opening
  public void seal(long number, byte[] associated, byte[] in, int inOffset, int length, byte[] out, int outOffset) {
    try {
      init(Cipher.ENCRYPT_MODE, number, associated);
      cipher.doFinal(in, inOffset, length, out, outOffset);
    } catch (GeneralSecurityException e) {
      throw failed(e);
    }
  }

  public byte[] seal(long number, byte[] associated, byte[] in) {
    byte[] out = new byte[in.length + TAG_BYTES];
    seal(number, associated, in, 0, in.length, out, 0);
    return out;
  }

  /// Opens a block of `length` bytes, tag included; false when it is not what was sealed under this number.
  public boolean open(long number, byte[] associated, byte[] in, int inOffset, int length, byte[] out, int outOffset) {
    if (length < TAG_BYTES) {
      return false;
    }
    try {
      init(Cipher.DECRYPT_MODE, number, associated);
      cipher.doFinal(in, inOffset, length, out, outOffset);
      return true;
    } catch (AEADBadTagException changed) {
      return false;
    } catch (GeneralSecurityException e) {
      throw failed(e);
    }
  }

  /// How many numbers content of this length takes.
  public static long blockCount(long length) {
    return (length + BLOCK_BYTES - 1) / BLOCK_BYTES;
  }

  /// Bytes that content of this length takes when it is sealed in blocks.
  public static long sealedBytes(long length) {
    return length + blockCount(length) * TAG_BYTES;
  }

  public void sealBlocks(long firstNumber, byte[] associated, byte[] in, int inOffset, int length, byte[] out, int outOffset) {
    int at = outOffset;
    long number = firstNumber;
    for (int done = 0; done < length; done += BLOCK_BYTES) {
      int block = Math.min(BLOCK_BYTES, length - done);
      seal(number++, associated, in, inOffset + done, block, out, at);
      at += block + TAG_BYTES;
    }
  }

  /// Opens what [#sealBlocks] made of content of `length` bytes.
  public boolean openBlocks(long firstNumber, byte[] associated, byte[] in, int inOffset, int length, byte[] out, int outOffset) {
    int at = inOffset;
    long number = firstNumber;
    for (int done = 0; done < length; done += BLOCK_BYTES) {
      int block = Math.min(BLOCK_BYTES, length - done);
      if (!open(number++, associated, in, at, block + TAG_BYTES, out, outOffset + done)) {
        return false;
      }
      at += block + TAG_BYTES;
    }
    return true;
  }

  /// A tag over what stands in clear.
  public byte[] tag(long number, byte[] associated) {
    return seal(number, associated, NOTHING);
  }

  public boolean isTag(long number, byte[] associated, byte[] tag) {
    return open(number, associated, tag, 0, tag.length, NOTHING, 0);
  }
}
