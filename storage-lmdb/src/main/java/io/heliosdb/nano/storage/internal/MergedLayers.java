package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.lmdb.Memory;

/// Several layers, newest first, as one: of equal keys the newest layer's entry counts, tombstones included.
///
/// Layers are kept in the order of the entries they stand on. So as long as entries of one layer come before those of all others, each
/// step costs one comparison, whatever the number of layers.
final class MergedLayers extends LayerWalk {
  private final LayerWalk[] layers;
  private final boolean isIndex;
  private final boolean reverse;
  private boolean started;

  /// Layers that have an entry left, by their entries; these differ. The first is the one stood on.
  private final int[] order;

  private int count;

  MergedLayers(LayerWalk[] layers, boolean isIndex, boolean reverse) {
    this.layers = layers;
    this.isIndex = isIndex;
    this.reverse = reverse;
    order = new int[layers.length];
  }

  @Override
  boolean next() {
    if (!started) {
      started = true;
      for (int i = 0; i < layers.length; i++) {
        if (layers[i].next()) {
          System.arraycopy(order, 0, order, 1, count++);
          order[0] = i;
          settle(0);
        }
      }
    } else if (count > 0) {
      LayerWalk first = layers[order[0]];
      if (!first.next()) {
        removeAt(0);
      } else if (count == 1 || compare(first, layers[order[1]]) < 0) {
        copyFrom(first);
        return true;
      } else {
        settle(0);
      }
    }
    if (count == 0) {
      return false;
    }
    copyFrom(layers[order[0]]);
    return true;
  }

  /// Which layer the entry stood on comes from.
  int layer() {
    return order[0];
  }

  private void advance(int place) {
    if (layers[order[place]].next()) {
      settle(place);
    } else {
      removeAt(place);
    }
  }

  private void removeAt(int place) {
    count--;
    System.arraycopy(order, place + 1, order, place, count - place);
  }

  /// Moves the layer at `place`, which has a new entry, behind those whose entries come first. Of two on the same key the newer hides
  /// the older, which goes on.
  private void settle(int place) {
    for (int at = place; at + 1 < count; at++) {
      int layer = order[at];
      int other = order[at + 1];
      int comparison = compare(layers[layer], layers[other]);
      if (comparison < 0) {
        return;
      }
      if (comparison == 0) {
        advance(layer < other ? at + 1 : at);
        return;
      }
      order[at] = other;
      order[at + 1] = layer;
    }
  }

  private int compare(LayerWalk left, LayerWalk right) {
    int order = Memory.compare(left.aAddress, left.aBytes, right.aAddress, right.aBytes);
    if (order == 0 && isIndex) {
      order = Memory.compare(left.bAddress, left.bBytes, right.bAddress, right.bBytes);
    }
    return reverse ? -order : order;
  }

  @Override
  void resumeAfter(byte[] a, byte[] b) {
    for (LayerWalk layer : layers) {
      layer.resumeAfter(a, b);
    }
  }

  @Override
  void close() {
    for (LayerWalk layer : layers) {
      layer.close();
    }
  }
}
