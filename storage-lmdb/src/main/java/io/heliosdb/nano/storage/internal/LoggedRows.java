package io.heliosdb.nano.storage.internal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Rows whose versions as of a limit are in the log: looked up in the order of the log, not of the keys, one hop of all chains after the other. So
/// the log is read from one end to the other instead of here and there.
final class LoggedRows {
  /// Takes what was found.
  interface Found {
    /// @param version null when the row was not there
    void found(int place, @Nullable Version version);
  }

  private final Version version = new Version();
  private int count;
  private int[] places = {};
  private long[] scns = {};
  private int[] sequences = {};

  /// Where to look if the first chain has no such version; SCN 0 for nowhere.
  private long[] otherScns = {};

  private int[] otherSequences = {};
  private int[] pending = {};
  private long[] order = {};
  private int pendingCount;

  int count() {
    return count;
  }

  void clear() {
    count = 0;
  }

  /// @param place the caller's number for the row
  /// @param scn the first record to look at; 0 to begin with the other
  void add(int place, long scn, int sequence, long otherScn, int otherSequence) {
    if (count == places.length) {
      grow();
    }
    places[count] = place;
    boolean isFirst = scn != 0;
    scns[count] = isFirst ? scn : otherScn;
    sequences[count] = isFirst ? sequence : otherSequence;
    otherScns[count] = isFirst ? otherScn : 0;
    otherSequences[count++] = otherSequence;
  }

  private void grow() {
    int size = Math.max(16, 2 * count);
    places = Arrays.copyOf(places, size);
    scns = Arrays.copyOf(scns, size);
    sequences = Arrays.copyOf(sequences, size);
    otherScns = Arrays.copyOf(otherScns, size);
    otherSequences = Arrays.copyOf(otherSequences, size);
    pending = new int[size];
    order = new long[size];
  }

  /// Follows the chains of all rows, one record of each per round.
  void resolve(VersionChains chains, long limit, Found target) {
    pendingCount = count;
    for (int i = 0; i < count; i++) {
      pending[i] = i;
    }
    while (pendingCount > 0) {
      sortByRecord();
      int left = 0;
      for (int i = 0; i < pendingCount; i++) {
        int row = pending[i];
        int state = chains.hop(scns[row], sequences[row], limit, version);
        if (state == VersionChains.FOUND) {
          target.found(places[row], version);
        } else if (state == VersionChains.FURTHER) {
          scns[row] = chains.nextScn();
          sequences[row] = chains.nextSequence();
          pending[left++] = row;
        } else if (otherScns[row] != 0) {
          scns[row] = otherScns[row];
          sequences[row] = otherSequences[row];
          otherScns[row] = 0;
          pending[left++] = row;
        } else {
          target.found(places[row], null);
        }
      }
      pendingCount = left;
    }
  }

  /// Puts the pending rows in the order of their records. Rows whose records were written in key order are in order already; numbers
  /// that are too far apart to be sorted with the row's number in one word stay as they are, which is slower and nothing else.
  private void sortByRecord() {
    long lowest = Long.MAX_VALUE;
    long highest = 0;
    int allSequences = 0;
    boolean isSorted = true;
    for (int i = 0; i < pendingCount; i++) {
      int row = pending[i];
      lowest = Math.min(lowest, scns[row]);
      highest = Math.max(highest, scns[row]);
      allSequences |= sequences[row];
      if (i > 0) {
        int before = pending[i - 1];
        isSorted &= scns[before] < scns[row] || (scns[before] == scns[row] && sequences[before] < sequences[row]);
      }
    }
    int rowBits = 32 - Integer.numberOfLeadingZeros(count);
    int sequenceBits = 32 - Integer.numberOfLeadingZeros(allSequences);
    int scnBits = 64 - Long.numberOfLeadingZeros(highest - lowest);
    if (isSorted || scnBits + sequenceBits + rowBits > 63) {
      return;
    }
    for (int i = 0; i < pendingCount; i++) {
      int row = pending[i];
      order[i] = ((scns[row] - lowest) << sequenceBits | sequences[row]) << rowBits | row;
    }
    Arrays.sort(order, 0, pendingCount);
    for (int i = 0; i < pendingCount; i++) {
      pending[i] = (int) order[i] & (1 << rowBits) - 1;
    }
  }
}
