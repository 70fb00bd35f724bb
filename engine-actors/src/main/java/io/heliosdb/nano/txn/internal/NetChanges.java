package io.heliosdb.nano.txn.internal;

import io.heliosdb.nano.error.SqlException;
import io.heliosdb.nano.error.SqlState;
import io.heliosdb.nano.storage.IndexWrite;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.RowWrite;
import java.util.AbstractCollection;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a write set does as a whole, read from its runs while the store takes it, one change at a time.
///
/// Every iteration reads the runs anew. Confined to one thread after another, as the runs are.
/// Errors: 58000 when the file cannot be read; that is this transaction's misfortune, not the database's.
final class NetChanges<T> extends AbstractCollection<T> {
  private final List<Supplier<Supplier<@Nullable T>>> parts;

  /// How many there are; -1 until somebody has counted.
  private int count = -1;

  private NetChanges(List<Supplier<Supplier<@Nullable T>>> parts) {
    this.parts = parts;
  }

  static Collection<RowWrite> rows(Collection<RowChanges> relations) {
    return of(
        relations,
        relation -> {
          OwnRows rows = new OwnRows(relation, Integer.MAX_VALUE, KeyRange.ALL, false);
          return () -> {
            for (RowChange change = rows.next(); change != null; change = rows.next()) {
              RowWrite net = RowChange.net(change);
              if (net != null) {
                return net;
              }
            }
            return null;
          };
        });
  }

  static Collection<IndexWrite> entries(Collection<EntryChanges> indexes) {
    return of(
        indexes,
        index -> {
          OwnEntries entries = new OwnEntries(index, Integer.MAX_VALUE, KeyRange.ALL, false);
          return () -> {
            for (EntryChange change = entries.next(); change != null; change = entries.next()) {
              IndexWrite net = EntryChange.net(change);
              if (net != null) {
                return net;
              }
            }
            return null;
          };
        });
  }

  private static <S, T> NetChanges<T> of(Collection<S> sources, Function<S, Supplier<@Nullable T>> open) {
    return new NetChanges<>(sources.stream().<Supplier<Supplier<@Nullable T>>>map(source -> () -> open.apply(source)).toList());
  }

  @Override
  public Iterator<T> iterator() {
    return new Iteration();
  }

  @Override
  public boolean isEmpty() {
    return !iterator().hasNext();
  }

  @Override
  public int size() {
    if (count < 0) {
      for (Iterator<T> all = iterator(); all.hasNext(); ) {
        all.next();
      }
    }
    return count;
  }

  private final class Iteration implements Iterator<T> {
    private int part = -1;
    private Supplier<@Nullable T> source = () -> null;
    private @Nullable T ahead = advance();
    private int given;

    private @Nullable T advance() {
      try {
        while (true) {
          T next = source.get();
          if (next != null) {
            return next;
          }
          if (++part >= parts.size()) {
            return null;
          }
          source = parts.get(part).get();
        }
      } catch (SqlException e) {
        throw new SqlException(SqlState.SYSTEM_ERROR, e.getMessage(), e);
      }
    }

    @Override
    public boolean hasNext() {
      if (ahead == null) {
        count = given;
      }
      return ahead != null;
    }

    @Override
    public T next() {
      T result = ahead;
      if (result == null) {
        throw new NoSuchElementException();
      }
      given++;
      ahead = advance();
      return result;
    }
  }
}
