package io.heliosdb.nano.function;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Threads that ask for the same function for the first time at the same moment: all of them find it.
class BuiltinCatalogRaceTest {
  private static final int ROUNDS = 10;
  private static final int THREADS = 2;

  @Test
  @Timeout(120)
  void first_users_of_a_function_all_find_it() throws Throwable {
    List<Integer> oids = FactTable.load("pg_proc").rows().stream().map(row -> row.oid(1)).toList();
    for (int round = 0; round < ROUNDS; round++) {
      MethodHandle lookUp = freshCatalog();
      CyclicBarrier together = new CyclicBarrier(THREADS);
      List<String> missed = java.util.Collections.synchronizedList(new ArrayList<>());
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        threads.add(Thread.ofPlatform().start(() -> {
          for (int i = 0; i < oids.size(); i++) {
            try {
              if (i % 64 == 0) {
                together.await();
              }
              if (lookUp.invoke((int) oids.get(i)) == null) {
                missed.add(oids.get(i).toString());
              }
            } catch (Throwable e) {
              missed.add(e.toString());
              return;
            }
          }
        }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(List.of(), missed);
    }
  }

  /// [BuiltinCatalog#function(int)] of a copy of the class that has looked up nothing yet.
  private static MethodHandle freshCatalog() throws ReflectiveOperationException, IOException {
    URL[] path = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).map(BuiltinCatalogRaceTest::url).toArray(URL[]::new);
    ClassLoader fresh = new URLClassLoader(path, ClassLoader.getPlatformClassLoader()); // stays open: classes load while the test runs
    Class<?> catalog = fresh.loadClass(BuiltinCatalog.class.getName());
    Class<?> result = fresh.loadClass(FunctionDef.class.getName());
    return MethodHandles.publicLookup().findStatic(catalog, "function", MethodType.methodType(result, int.class));
  }

  private static URL url(String entry) {
    try {
      return new File(entry).toURI().toURL();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
