package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.Branches;
import io.heliosdb.nano.storage.KeyRange;
import io.heliosdb.nano.storage.Layer;
import io.heliosdb.nano.storage.ReadView;
import io.heliosdb.nano.storage.RowPages;
import org.jspecify.annotations.Nullable;

/// The rows of a view that is no newest root: what [TreePages] is to `main`. Readers of whole tables get addresses of rows in either case, and decode
/// them column by column.
///
/// The layer with the most pages is the *base*: its pages give the groups, and are read like those of `main`; what the other layers have between
/// the first keys of two groups belongs to the group before ([LayeredWalk]).
final class LayeredPages implements RowPages {
  private final LmdbReader reader;
  private final ReadView view;
  private final long storageId;
  private final int baseLayer;
  private final @Nullable TreePages base;

  LayeredPages(LmdbReader reader, ReadView view, long storageId) {
    this.reader = reader;
    this.view = view;
    this.storageId = storageId;
    int layer = view.layerCount() - 1;
    TreePages most = reader.treePages(view.layer(layer).branch(), storageId);
    for (int i = layer - 1; most != null && i >= 0; i--) {
      TreePages pages = reader.treePages(view.layer(i).branch(), storageId);
      if (pages != null && pages.groupCount() > most.groupCount()) {
        most = pages;
        layer = i;
      }
    }
    baseLayer = layer;
    base = most;
    reader.prepareWalks();
  }

  @Override
  public int groupCount() {
    return base == null ? 1 : Math.max(1, base.groupCount());
  }

  @Override
  public long countRows() {
    long count = 0;
    Walk walk = walk();
    for (int group = 0; group < groupCount(); group++) {
      walk.seek(group);
      while (walk.nextPage()) {
        count += walk.rowCount();
      }
    }
    return count;
  }

  @Override
  public Walk walk() {
    return new LayeredWalk(this, groupCount() == 1 ? reader.scope() : ReadScope.forThread(reader));
  }

  int layerCount() {
    return view.layerCount();
  }

  int baseLayer() {
    return baseLayer;
  }

  Layer baseView() {
    return view.layer(baseLayer);
  }

  boolean isBaseNewest() {
    return reader.isNewest(baseView().scn());
  }

  /// The base's own pages; null when there is nothing to read by pages.
  TreePages.@Nullable LeafWalk leaves() {
    return base == null || base.groupCount() == 0 ? null : base.leaves();
  }

  /// The keys of a group.
  KeyRange range(int group) {
    return KeyRange.of(group == 0 ? null : base.groupStart(group), true, group + 1 >= groupCount() ? null : base.groupStart(group + 1), false);
  }

  /// All layers in key order, by keys.
  LayerWalk merged(ReadScope scope, KeyRange range) {
    return reader.rows(scope, view, storageId, range);
  }

  /// The layers other than the base; null when there are none.
  @Nullable LayerWalk others(ReadScope scope, KeyRange range) {
    if (view.layerCount() == 1) {
      return null;
    }
    LayerWalk[] walks = new LayerWalk[view.layerCount() - 1];
    for (int i = 0; i < walks.length; i++) {
      walks[i] = reader.layer(scope, Tree.CURRENT, view.layer(i < baseLayer ? i : i + 1), storageId, range, false);
    }
    return new MergedLayers(walks, false, false);
  }

  /// The deleted keys of the base; null where those are tombstones, or of no interest.
  @Nullable TreeWalk deleted(ReadScope scope, KeyRange range) {
    return isBaseNewest() || Branches.isOverlay(baseView().branch()) ? null
        : new TreeWalk(scope, Tree.PAST_ROWS, baseView().branch(), storageId, range, false);
  }
}
