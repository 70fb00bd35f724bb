package io.heliosdb.nano.session;

import io.heliosdb.nano.storage.Branches;
import io.heliosdb.nano.storage.Layer;
import io.heliosdb.nano.storage.LogCursor;
import io.heliosdb.nano.storage.LogRecord;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.storage.StoreReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What two branches have in common, and which keys one of them has touched since.
///
/// The base is the source's state at the last merge into the same target; before the first one, the newest state from which both came: the
/// layer that both views share, limited to the older of the two forks.
///
/// @param view the base
/// @param source the source's view at the merge's SCN
/// @param layers how many of the source's layers lie above the shared one
/// @param sharedBranch the branch of the shared layer, of which the source may have seen more than the base; -1 after a first merge
/// @param sharedFrom, sharedTo the SCNs of the shared layer that only the source has seen: (from, to]
/// @param afterScn only what is younger counts, -1 for all
record MergeBase(ReadView view, ReadView source, int layers, int sharedBranch, long sharedFrom, long sharedTo, long afterScn) {
  static MergeBase of(ReadView source, ReadView target, @Nullable Long merged) {
    if (merged != null) {
      return new MergeBase(source.asOf(merged), source, 1, -1, 0, 0, merged);
    }
    for (int i = 0; i < source.layerCount(); i++) {
      for (int j = 0; j < target.layerCount(); j++) {
        if (source.layer(i).branch() == target.layer(j).branch()) {
          long from = Math.min(source.layer(i).scn(), target.layer(j).scn());
          Layer[] below = new Layer[source.layerCount() - i];
          for (int k = i; k < source.layerCount(); k++) {
            below[k - i] = new Layer(source.layer(k).branch(), Math.min(from, source.layer(k).scn()));
          }
          return new MergeBase(new ReadView(below), source, i, source.layer(i).branch(), from, source.layer(i).scn(), -1);
        }
      }
    }
    throw new IllegalStateException("branches without a common root");
  }

  /// The keys the source has touched since the base, by storage id; a superset of those it has changed.
  Map<Long, TreeSet<byte[]>> touched(StoreReader reader) {
    Map<Long, TreeSet<byte[]>> keys = new TreeMap<>();
    List<Integer> logged = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      int branch = source.layer(i).branch();
      if (Branches.isOverlay(branch)) {
        for (long storageId : reader.storageIds(branch)) {
          reader.changedKeys(branch, storageId, afterScn, key -> add(keys, storageId, key));
        }
      } else {
        logged.add(branch);
      }
    }
    if (!logged.isEmpty()) {
      readLog(reader, logged.getFirst(), afterScn, Long.MAX_VALUE, keys);
    }
    if (sharedBranch >= 0 && sharedTo > sharedFrom) {
      readLog(reader, sharedBranch, sharedFrom, sharedTo, keys);
    }
    return keys;
  }

  private static void readLog(StoreReader reader, int branch, long after, long to, Map<Long, TreeSet<byte[]>> keys) {
    try (LogCursor log = reader.readLog(after + 1)) {
      LogRecord record;
      while ((record = log.next()) != null && record.scn() <= to) {
        if (record instanceof LogRecord.RowChanged row && row.branch() == branch) {
          add(keys, row.storageId(), row.key());
        }
      }
    }
  }

  private static void add(Map<Long, TreeSet<byte[]>> keys, long storageId, byte[] key) {
    keys.computeIfAbsent(storageId, id -> new TreeSet<>(Arrays::compareUnsigned)).add(key);
  }
}
