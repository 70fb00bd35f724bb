package io.heliosdb.nano.storage.internal;

import io.heliosdb.nano.storage.lmdb.Memory;

/// Several layers, newest first, as one: of equal keys the newest layer's entry counts, tombstones included.
final class MergedLayers extends LayerWalk {
  private final LayerWalk[] layers;
  private final boolean[] alive;
  private final boolean isIndex;
  private final boolean reverse;
  private boolean started;

  /// The layer whose entry is stood on, to be advanced by the next step.
  private int stoodOn = -1;

  MergedLayers(LayerWalk[] layers, boolean isIndex, boolean reverse) {
    this.layers = layers;
    this.isIndex = isIndex;
    this.reverse = reverse;
    alive = new boolean[layers.length];
  }

  @Override
  boolean next() {
    if (!started) {
      started = true;
      for (int i = 0; i < layers.length; i++) {
        alive[i] = layers[i].next();
      }
    } else if (stoodOn >= 0) {
      alive[stoodOn] = layers[stoodOn].next();
    }
    stoodOn = -1;
    for (int i = 0; i < layers.length; i++) {
      if (!alive[i]) {
        continue;
      }
      if (stoodOn < 0) {
        stoodOn = i;
        continue;
      }
      int order = compare(layers[i], layers[stoodOn]);
      if (order < 0) {
        stoodOn = i;
      } else if (order == 0) {
        // Hidden by the newer layer.
        alive[i] = layers[i].next();
      }
    }
    if (stoodOn < 0) {
      return false;
    }
    copyFrom(layers[stoodOn]);
    return true;
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
