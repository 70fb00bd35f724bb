package io.heliosdb.nano.storage;

/// What a read sees: the layers of a branch, newest first: the branch itself, its parent as of the fork, and so on
/// down to a root. Immutable; build once and reuse, the hot paths take it as an argument.
public final class ReadView {
  /// The shared relations, newest state.
  public static final ReadView SHARED_NEWEST = new ReadView(new Layer(Branches.SHARED, Layer.NEWEST));

  /// Branch `main`, newest state.
  public static final ReadView MAIN_NEWEST = new ReadView(new Layer(Branches.MAIN, Layer.NEWEST));

  private final Layer[] layers;

  public ReadView(Layer... layers) {
    if (layers.length == 0) {
      throw new IllegalArgumentException("a read view needs a layer");
    }
    this.layers = layers.clone();
  }

  public int layerCount() {
    return layers.length;
  }

  /// Layer `index`, 0 being the newest.
  public Layer layer(int index) {
    return layers[index];
  }

  /// The same branch with every layer limited to `scn`.
  public ReadView asOf(long scn) {
    Layer[] limited = new Layer[layers.length];
    for (int i = 0; i < layers.length; i++) {
      limited[i] = new Layer(layers[i].branch(), Math.min(layers[i].scn(), scn));
    }
    return new ReadView(limited);
  }
}
