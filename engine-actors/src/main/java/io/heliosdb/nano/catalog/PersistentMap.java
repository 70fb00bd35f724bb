package io.heliosdb.nano.catalog;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// An immutable sorted map that shares structure with the maps it was made from: a change copies O(log n) nodes.
/// A height-balanced (AVL) binary tree. Safe to share between threads.
///
/// @param <K> keys in their natural order
/// @param <V> values, never null
public final class PersistentMap<K extends Comparable<K>, V> {
  private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(null, 0);

  private final @Nullable Node<K, V> root;
  private final int size;

  private PersistentMap(@Nullable Node<K, V> root, int size) {
    this.root = root;
    this.size = size;
  }

  @SuppressWarnings("unchecked")
  public static <K extends Comparable<K>, V> PersistentMap<K, V> empty() {
    return (PersistentMap<K, V>) EMPTY;
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return root == null;
  }

  public @Nullable V get(K key) {
    Node<K, V> node = root;
    while (node != null) {
      int order = key.compareTo(node.key);
      if (order == 0) {
        return node.value;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  public boolean contains(K key) {
    return get(key) != null;
  }

  public PersistentMap<K, V> put(K key, V value) {
    boolean known = get(key) != null;
    return new PersistentMap<>(put(root, key, value), known ? size : size + 1);
  }

  public PersistentMap<K, V> remove(K key) {
    return get(key) == null ? this : new PersistentMap<>(remove(root, key), size - 1);
  }

  /// All values in key order.
  public Iterable<V> values() {
    return () -> new Walk<>(root, null) {
      @Override
      public V next() {
        return advance().value;
      }
    };
  }

  /// Keys from `from` (inclusive) on, in order.
  public Iterable<K> keysFrom(K from) {
    return () -> new Walk<>(root, from) {
      @Override
      public K next() {
        return advance().key;
      }
    };
  }

  private record Node<K, V>(K key, V value, @Nullable Node<K, V> left, @Nullable Node<K, V> right, int height) {}

  private static <K, V> int height(@Nullable Node<K, V> node) {
    return node == null ? 0 : node.height;
  }

  private static <K, V> Node<K, V> node(K key, V value, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
    return new Node<>(key, value, left, right, Math.max(height(left), height(right)) + 1);
  }

  private static <K extends Comparable<K>, V> Node<K, V> put(@Nullable Node<K, V> node, K key, V value) {
    if (node == null) {
      return new Node<>(key, value, null, null, 1);
    }
    int order = key.compareTo(node.key);
    if (order == 0) {
      return new Node<>(key, value, node.left, node.right, node.height);
    }
    return order < 0
        ? balance(node.key, node.value, put(node.left, key, value), node.right)
        : balance(node.key, node.value, node.left, put(node.right, key, value));
  }

  private static <K extends Comparable<K>, V> @Nullable Node<K, V> remove(@Nullable Node<K, V> node, K key) {
    if (node == null) {
      return null;
    }
    int order = key.compareTo(node.key);
    if (order < 0) {
      return balance(node.key, node.value, remove(node.left, key), node.right);
    }
    if (order > 0) {
      return balance(node.key, node.value, node.left, remove(node.right, key));
    }
    if (node.left == null) {
      return node.right;
    }
    if (node.right == null) {
      return node.left;
    }
    Node<K, V> next = node.right;
    while (next.left != null) {
      next = next.left;
    }
    return balance(next.key, next.value, node.left, remove(node.right, next.key));
  }

  private static <K, V> Node<K, V> balance(K key, V value, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
    int difference = height(left) - height(right);
    if (difference > 1) {
      if (height(left.left) >= height(left.right)) {
        return node(left.key, left.value, left.left, node(key, value, left.right, right));
      }
      Node<K, V> middle = left.right;
      return node(middle.key, middle.value, node(left.key, left.value, left.left, middle.left), node(key, value, middle.right, right));
    }
    if (difference < -1) {
      if (height(right.right) >= height(right.left)) {
        return node(right.key, right.value, node(key, value, left, right.left), right.right);
      }
      Node<K, V> middle = right.left;
      return node(middle.key, middle.value, node(key, value, left, middle.left), node(right.key, right.value, middle.right, right.right));
    }
    return node(key, value, left, right);
  }

  private abstract static class Walk<K extends Comparable<K>, V, T> implements Iterator<T> {
    private final Deque<Node<K, V>> path = new ArrayDeque<>();

    Walk(@Nullable Node<K, V> root, @Nullable K from) {
      Node<K, V> node = root;
      while (node != null) {
        if (from == null || from.compareTo(node.key) <= 0) {
          path.push(node);
          node = node.left;
        } else {
          node = node.right;
        }
      }
    }

    @Override
    public boolean hasNext() {
      return !path.isEmpty();
    }

    Node<K, V> advance() {
      if (path.isEmpty()) {
        throw new NoSuchElementException();
      }
      Node<K, V> result = path.pop();
      for (Node<K, V> node = result.right; node != null; node = node.left) {
        path.push(node);
      }
      return result;
    }
  }
}
