package io.heliosdb.nano.testkit.tpch;

import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.SplittableRandom;

/// Rows of the eight tables at a scale factor, as lines of COPY's text format. A table's rows depend on the scale only.
public final class TpchData {
  /// Tables in an order in which foreign keys hold.
  public static final List<String> TABLES = List.of("region", "nation", "supplier", "part", "partsupp", "customer", "orders", "lineitem");

  private static final LocalDate START = LocalDate.of(1992, 1, 1);
  private static final LocalDate CURRENT = LocalDate.of(1995, 6, 17);

  /// Order dates end 151 days before the last day, so that every date of a line lies inside.
  private static final int ORDER_DAYS = (int) (LocalDate.of(1998, 12, 31).toEpochDay() - START.toEpochDay()) - 151;

  private final int suppliers;
  private final int parts;
  private final int customers;
  private final int orders;
  private final int clerks;

  /// Takes finished lines, newline included.
  @FunctionalInterface
  public interface Sink {
    void accept(String line) throws IOException;
  }

  public TpchData(double scale) {
    suppliers = Math.max(10, (int) Math.round(scale * 10_000));
    parts = Math.max(200, (int) Math.round(scale * 200_000));
    customers = Math.max(150, (int) Math.round(scale * 150_000));
    orders = Math.max(1500, (int) Math.round(scale * 1_500_000));
    clerks = Math.max(1, (int) Math.round(scale * 1000));
  }

  /// Writes all rows of a table.
  public void write(String table, Sink sink) throws IOException {
    SplittableRandom random = new SplittableRandom(table.hashCode() * 31L + parts);
    switch (table) {
      case "region" -> regions(random, sink);
      case "nation" -> nations(random, sink);
      case "supplier" -> suppliers(random, sink);
      case "part" -> parts(random, sink);
      case "partsupp" -> partSuppliers(random, sink);
      case "customer" -> customers(random, sink);
      case "orders" -> orders(sink, true);
      case "lineitem" -> orders(sink, false);
      default -> throw new IllegalArgumentException(table);
    }
  }

  private static void regions(SplittableRandom random, Sink sink) throws IOException {
    for (int i = 0; i < TpchText.REGIONS.length; i++) {
      sink.accept(line(i, TpchText.REGIONS[i], TpchText.text(random, 31, 115)));
    }
  }

  private static void nations(SplittableRandom random, Sink sink) throws IOException {
    for (int i = 0; i < TpchText.NATIONS.length; i++) {
      sink.accept(line(i, TpchText.NATIONS[i], TpchText.NATION_REGIONS[i], TpchText.text(random, 31, 114)));
    }
  }

  private void suppliers(SplittableRandom random, Sink sink) throws IOException {
    int remarks = Math.max(1, suppliers / 2000);
    for (int key = 1; key <= suppliers; key++) {
      int nation = random.nextInt(25);
      String address = TpchText.address(random);
      String phone = TpchText.phone(random, nation);
      String balance = money(random.nextInt(-99_999, 1_000_000));
      String comment = TpchText.text(random, 25, 100);
      // Five in ten thousand suppliers have complaints, five are recommended.
      int draw = random.nextInt(suppliers);
      if (draw < remarks) {
        comment = "Customer " + comment.substring(0, Math.min(comment.length(), 30)) + "Complaints";
      } else if (draw < 2 * remarks) {
        comment = "Customer " + comment.substring(0, Math.min(comment.length(), 30)) + "Recommends";
      }
      sink.accept(line(key, String.format("Supplier#%09d", key), address, nation, phone, balance, comment));
    }
  }

  private void parts(SplittableRandom random, Sink sink) throws IOException {
    for (int key = 1; key <= parts; key++) {
      int maker = random.nextInt(1, 6);
      String type = TpchText.pick(random, TpchText.TYPE_SIZES) + " " + TpchText.pick(random, TpchText.TYPE_FINISHES) + " "
          + TpchText.pick(random, TpchText.TYPE_METALS);
      String container = TpchText.pick(random, TpchText.CONTAINER_SIZES) + " " + TpchText.pick(random, TpchText.CONTAINER_KINDS);
      sink.accept(line(key, partName(random), "Manufacturer#" + maker, "Brand#" + maker + random.nextInt(1, 6), type, random.nextInt(1, 51), container,
          money(retailCents(key)), TpchText.text(random, 5, 22)));
    }
  }

  private static String partName(SplittableRandom random) {
    int[] chosen = new int[5];
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < chosen.length; i++) {
      boolean again = true;
      while (again) {
        chosen[i] = random.nextInt(TpchText.COLORS.length);
        again = false;
        for (int j = 0; j < i; j++) {
          again |= chosen[j] == chosen[i];
        }
      }
      name.append(i == 0 ? "" : " ").append(TpchText.COLORS[chosen[i]]);
    }
    return name.toString();
  }

  private static long retailCents(int part) {
    return 90_000 + part / 10 % 20_001 + 100L * (part % 1000);
  }

  /// The `i`-th of a part's four suppliers.
  private int supplierOf(int part, int i) {
    return (int) ((part + (long) i * (suppliers / 4 + (part - 1) / suppliers)) % suppliers) + 1;
  }

  private void partSuppliers(SplittableRandom random, Sink sink) throws IOException {
    for (int part = 1; part <= parts; part++) {
      for (int i = 0; i < 4; i++) {
        sink.accept(line(part, supplierOf(part, i), random.nextInt(1, 10_000), money(random.nextInt(100, 100_001)), TpchText.text(random, 49, 198)));
      }
    }
  }

  private void customers(SplittableRandom random, Sink sink) throws IOException {
    for (int key = 1; key <= customers; key++) {
      int nation = random.nextInt(25);
      sink.accept(line(key, String.format("Customer#%09d", key), TpchText.address(random), nation, TpchText.phone(random, nation),
          money(random.nextInt(-99_999, 1_000_000)), TpchText.pick(random, TpchText.SEGMENTS), TpchText.text(random, 29, 116)));
    }
  }

  /// Orders and their lines come from one stream of random numbers, so that totals and states agree.
  private void orders(Sink sink, boolean wantOrders) throws IOException {
    SplittableRandom random = new SplittableRandom(7_777L + orders);
    for (int i = 0; i < orders; i++) {
      // Of 32 order keys the first eight are used.
      long key = (i / 8) * 32L + i % 8 + 1;
      int customer = random.nextInt(1, customers + 1);
      while (customer % 3 == 0) {
        customer = random.nextInt(1, customers + 1);
      }
      LocalDate date = START.plusDays(random.nextInt(ORDER_DAYS + 1));
      int lines = random.nextInt(1, 8);
      int open = 0;
      long total = 0;
      for (int n = 1; n <= lines; n++) {
        int part = random.nextInt(1, parts + 1);
        int supplier = supplierOf(part, random.nextInt(4));
        int quantity = random.nextInt(1, 51);
        long price = quantity * retailCents(part);
        int discount = random.nextInt(11);
        int tax = random.nextInt(9);
        LocalDate shipped = date.plusDays(random.nextInt(1, 122));
        LocalDate committed = date.plusDays(random.nextInt(30, 91));
        LocalDate received = shipped.plusDays(random.nextInt(1, 31));
        String returned = received.isAfter(CURRENT) ? "N" : random.nextBoolean() ? "R" : "A";
        boolean isOpen = shipped.isAfter(CURRENT);
        open += isOpen ? 1 : 0;
        total += Math.round(price * (1 + tax / 100.0) * (1 - discount / 100.0));
        String instruction = TpchText.pick(random, TpchText.INSTRUCTIONS);
        String mode = TpchText.pick(random, TpchText.MODES);
        String comment = TpchText.text(random, 10, 43);
        if (!wantOrders) {
          sink.accept(line(key, part, supplier, n, quantity, money(price), money(discount), money(tax), returned, isOpen ? "O" : "F", shipped, committed,
              received, instruction, mode, comment));
        }
      }
      String priority = TpchText.pick(random, TpchText.PRIORITIES);
      String clerk = String.format("Clerk#%09d", random.nextInt(1, clerks + 1));
      String comment = TpchText.text(random, 19, 78);
      if (wantOrders) {
        sink.accept(line(key, customer, open == lines ? "O" : open == 0 ? "F" : "P", money(total), date, priority, clerk, 0, comment));
      }
    }
  }

  private static String money(long cents) {
    long absolute = Math.abs(cents);
    return (cents < 0 ? "-" : "") + absolute / 100 + "." + absolute / 10 % 10 + absolute % 10;
  }

  private static String line(Object... values) {
    StringBuilder out = new StringBuilder(160);
    for (int i = 0; i < values.length; i++) {
      out.append(i == 0 ? "" : "\t").append(values[i]);
    }
    return out.append('\n').toString();
  }
}
