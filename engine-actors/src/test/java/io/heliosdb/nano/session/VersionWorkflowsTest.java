package io.heliosdb.nano.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.heliosdb.nano.EmbeddedDatabase;
import io.heliosdb.nano.EmbeddedSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The ten workflows of the user guide with branches and past data, statement by statement as it writes them.
class VersionWorkflowsTest {
  private final EmbeddedDatabase db = EmbeddedDatabase.newInMemory();
  private final EmbeddedSession main = db.createSession();

  @AfterEach
  void close() {
    db.close();
  }

  private static void run(EmbeddedSession session, String script) {
    for (String statement : script.split(";\\s*\n")) {
      session.execute(statement);
    }
  }

  private static String rows(EmbeddedSession session, String sql) {
    StringBuilder text = new StringBuilder();
    session.query(sql).forEach(row -> text.append(row));
    return text.toString();
  }

  private EmbeddedSession on(String branch) {
    EmbeddedSession session = db.createSession();
    session.execute("USE BRANCH " + branch);
    return session;
  }

  /// The time of the newest commit, as a literal of the session's time zone.
  private String now() {
    return db.queryOne("SELECT max(commit_time)::text FROM heliosdb_commits", String.class);
  }

  // ---- branches ----

  @Test
  void development() {
    main.execute("CREATE TABLE users (id int PRIMARY KEY, name text)");
    main.execute("CREATE DATABASE BRANCH dev FROM main AS OF NOW");
    try (EmbeddedSession dev = on("dev")) {
      dev.execute("INSERT INTO users VALUES (1, 'from dev')");
      main.execute("INSERT INTO users VALUES (1, 'from main')");
    }
    run(main, """
        CREATE DATABASE BRANCH staging FROM dev AS OF NOW;
        MERGE DATABASE BRANCH staging INTO main
        WITH (
          conflict_resolution = 'branch_wins',
          delete_branch_after = true
        );
        DROP DATABASE BRANCH dev;
        """);
    assertEquals("(id=1, name=from dev)", rows(main, "SELECT * FROM users"));
    assertEquals("(branch_name=main)", rows(main, "SELECT branch_name FROM pg_database_branches()"));
  }

  @Test
  void blue_green() {
    main.execute("CREATE DATABASE BRANCH blue");
    try (EmbeddedSession blue = on("blue")) {
      run(blue, """
          CREATE TABLE users (id int PRIMARY KEY, name text);
          INSERT INTO users VALUES (1, 'ann');
          CREATE DATABASE BRANCH green FROM blue AS OF NOW;
          """);
      try (EmbeddedSession green = on("green")) {
        green.execute("ALTER TABLE users ADD COLUMN mail text DEFAULT 'none'");
        green.execute("UPDATE users SET mail = 'ann@example.org' WHERE id = 1");
        blue.execute("INSERT INTO users VALUES (2, 'bob')");
      }
      run(blue, """
          MERGE DATABASE BRANCH green INTO blue;
          DROP DATABASE BRANCH green;
          CREATE DATABASE BRANCH green FROM blue AS OF NOW;
          """);
      assertEquals("(id=1, name=ann, mail=ann@example.org)(id=2, name=bob, mail=none)", rows(blue, "SELECT * FROM users ORDER BY id"));
    }
    try (EmbeddedSession green = on("green")) {
      assertEquals("(count=2)", rows(green, "SELECT count(*) FROM users"));
    }
  }

  @Test
  void schema_test() {
    main.execute("CREATE TABLE users (id int PRIMARY KEY)");
    main.execute("INSERT INTO users VALUES (1), (2)");
    main.execute("CREATE DATABASE BRANCH schema_test FROM main AS OF NOW");
    try (EmbeddedSession test = on("schema_test")) {
      run(test, """
          ALTER TABLE users ADD COLUMN preferences JSONB;
          CREATE INDEX idx_user_prefs ON users(preferences);
          UPDATE users SET preferences = '{"theme": "dark"}' WHERE id = 2;
          """);
      assertEquals("(id=2, preferences={\"theme\": \"dark\"})", rows(test, "SELECT * FROM users WHERE preferences->>'theme' = 'dark'"));
    }
    run(main, """
        MERGE DATABASE BRANCH schema_test INTO main;
        DROP DATABASE BRANCH schema_test;
        """);
    assertEquals("(id=2, preferences={\"theme\": \"dark\"})", rows(main, "SELECT * FROM users WHERE preferences->>'theme' = 'dark'"));
    assertEquals("(indexname=idx_user_prefs)(indexname=users_pkey)", rows(main, "SELECT indexname FROM pg_indexes WHERE tablename = 'users' ORDER BY 1"));
  }

  @Test
  void a_b_test() {
    main.execute("CREATE TABLE product_recommendations (id int PRIMARY KEY, algorithm text)");
    main.execute("INSERT INTO product_recommendations VALUES (1, 'none'), (2, 'none')");
    run(main, """
        CREATE DATABASE BRANCH variant_a FROM main AS OF NOW;
        CREATE DATABASE BRANCH variant_b FROM main AS OF NOW;
        """);
    try (EmbeddedSession a = on("variant_a"); EmbeddedSession b = on("variant_b")) {
      a.execute("UPDATE product_recommendations SET algorithm = 'collaborative_filtering'");
      b.execute("UPDATE product_recommendations SET algorithm = 'content_based'");
      assertEquals("(algorithm=content_based)", rows(b, "SELECT DISTINCT algorithm FROM product_recommendations"));
    }
    run(main, """
        MERGE DATABASE BRANCH variant_a INTO main;
        DROP DATABASE BRANCH variant_a;
        DROP DATABASE BRANCH variant_b;
        """);
    assertEquals("(algorithm=collaborative_filtering)", rows(main, "SELECT DISTINCT algorithm FROM product_recommendations"));
  }

  @Test
  void disaster_recovery() {
    main.execute("CREATE TABLE users (id int PRIMARY KEY)");
    main.execute("INSERT INTO users SELECT generate_series(1, 100)");
    main.execute("CREATE DATABASE BRANCH backup_daily FROM main AS OF NOW");
    main.execute("DELETE FROM users");
    main.execute("CREATE DATABASE BRANCH main_new FROM backup_daily AS OF NOW");
    db.execute("USE BRANCH main_new");
    main.execute("USE BRANCH main_new");
    assertEquals("(count=100)", rows(main, "SELECT COUNT(*) FROM users"));
    run(main, """
        DROP DATABASE BRANCH main;
        ALTER DATABASE BRANCH main_new RENAME TO main;
        """);
    try (EmbeddedSession restored = on("main")) {
      assertEquals("(count=100)", rows(restored, "SELECT COUNT(*) FROM users"));
      restored.execute("INSERT INTO users VALUES (101)");
      assertEquals("(branch_name=backup_daily)(branch_name=main)", rows(restored, "SELECT branch_name FROM pg_database_branches() ORDER BY 1"));
    }
  }

  // ---- the past ----

  @Test
  void audit_trail() {
    run(main, """
        CREATE TABLE product_catalog (product_id text PRIMARY KEY, description text);
        CREATE TABLE products (product_id int PRIMARY KEY, price numeric);
        CREATE TABLE orders (order_id int PRIMARY KEY, created_at timestamptz);
        INSERT INTO product_catalog VALUES ('WIDGET-123', 'as it was');
        INSERT INTO products VALUES (42, 9.99);
        INSERT INTO orders SELECT 5678, clock_timestamp();
        """);
    String then = now();
    main.execute("UPDATE product_catalog SET description = 'rewritten'");
    main.execute("UPDATE products SET price = 19.99");
    assertEquals("(product_id=WIDGET-123, description=as it was)",
        rows(main, "SELECT * FROM product_catalog\nAS OF TIMESTAMP '" + then + "'\nWHERE product_id = 'WIDGET-123'"));
    assertEquals("(price=9.99)", rows(main,
        "SELECT price FROM products\nAS OF TIMESTAMP (SELECT created_at FROM orders WHERE order_id = 5678)\nWHERE product_id = 42"));
    assertEquals("(product_id=42, current_price=19.99, yesterday_price=9.99, price_change=10.00)", rows(main, """
        SELECT current.product_id, current.price as current_price, historical.price as yesterday_price, current.price - historical.price as price_change
        FROM products current
        JOIN products AS OF TIMESTAMP '%s' historical ON current.product_id = historical.product_id
        WHERE current.price != historical.price""".formatted(then)));
  }

  @Test
  void recovery_of_deleted_rows() {
    main.execute("CREATE TABLE customers (customer_id int PRIMARY KEY, name text)");
    main.execute("INSERT INTO customers VALUES (998, 'stays'), (999, 'deleted by mistake')");
    String before = now();
    main.execute("DELETE FROM customers WHERE customer_id = 999");
    assertEquals("(customer_id=999, name=deleted by mistake)", rows(main, """
        SELECT * FROM customers
        AS OF TIMESTAMP '%s'  -- Before deletion
        WHERE customer_id NOT IN (SELECT customer_id FROM customers)""".formatted(before)));
    main.execute("INSERT INTO customers\nSELECT * FROM customers AS OF TIMESTAMP '" + before + "'\nWHERE customer_id = 999");
    assertEquals("(count=2)", rows(main, "SELECT count(*) FROM customers"));
  }

  @Test
  void what_changed() {
    main.execute("CREATE TABLE orders (order_id int PRIMARY KEY, status text, total numeric)");
    main.execute("INSERT INTO orders VALUES (1, 'new', 10), (2, 'new', 20), (3, 'new', 30)");
    String first = now();
    main.execute("UPDATE orders SET status = 'paid' WHERE order_id = 1");
    main.execute("UPDATE orders SET total = 25 WHERE order_id = 2");
    assertEquals("(order_id=1, old_status=new, new_status=paid, old_total=10, new_total=10)(order_id=2, old_status=new, new_status=new, old_total=20, new_total=25)",
        rows(main, """
        SELECT before.order_id, before.status as old_status, after.status as new_status, before.total as old_total, after.total as new_total
        FROM orders AS OF TIMESTAMP '%s' before
        FULL OUTER JOIN orders AS OF TIMESTAMP '%s' after USING (order_id)
        WHERE before.status != after.status OR before.total != after.total
        ORDER BY 1""".formatted(first, now())));
  }

  @Test
  void trend() {
    main.execute("CREATE TABLE products (product_id int PRIMARY KEY, stock int)");
    main.execute("INSERT INTO products VALUES (1, 10), (2, 20)");
    String[] days = new String[3];
    for (int day = 0; day < days.length; day++) {
      main.execute("UPDATE products SET stock = stock - 1");
      days[day] = now();
    }
    assertEquals("(date=2025-11-14, sum=28)(date=2025-11-15, sum=26)(date=2025-11-16, sum=24)", rows(main, """
        SELECT '2025-11-14' as date, SUM(stock) FROM products AS OF TIMESTAMP '%s'
        UNION ALL
        SELECT '2025-11-15', SUM(stock) FROM products AS OF TIMESTAMP '%s'
        UNION ALL
        SELECT '2025-11-16', SUM(stock) FROM products AS OF TIMESTAMP '%s'""".formatted((Object[]) days)));
  }

  @Test
  void end_of_quarter() {
    main.execute("CREATE TABLE orders (order_id int PRIMARY KEY, customer_id int, total_price numeric, created_at timestamp)");
    main.execute("INSERT INTO orders VALUES (1, 7, 100, '2025-07-05'), (2, 7, 50, '2025-09-01'), (3, 8, 5, '2025-10-02')");
    main.execute("CREATE INDEX idx_orders_date ON orders(created_at)");
    String quarter = now();
    main.execute("UPDATE orders SET total_price = 0");
    assertEquals("(customer_id=7, quarterly_revenue=150)", rows(main, """
        SELECT customer_id, SUM(total_price) as quarterly_revenue
        FROM orders
        AS OF TIMESTAMP '%s'
        WHERE created_at BETWEEN '2025-07-01' AND '2025-09-30'
        GROUP BY customer_id""".formatted(quarter)));
    String plan = rows(main, "EXPLAIN SELECT * FROM orders\nAS OF TIMESTAMP '" + quarter + "'\nWHERE created_at = '2025-10-02'");
    assertTrue(plan.contains("Index Scan using idx_orders_date") && plan.contains("As Of"), plan);
    assertEquals("(order_id=3)", rows(main, "SELECT order_id FROM orders AS OF TIMESTAMP '" + quarter + "' WHERE created_at > '2025-09-30'"));
  }

  /// Looking after branches, as the guide's best practices do.
  @Test
  void housekeeping() {
    run(main, """
        CREATE DATABASE BRANCH test-1;
        CREATE DATABASE BRANCH dev-20251121 FROM test-1 AS OF NOW;
        ALTER DATABASE BRANCH dev-20251121 RENAME TO staging-v2.1;
        MERGE DATABASE BRANCH staging-v2.1 INTO test-1 WITH (delete_branch_after = true);
        CREATE DATABASE BRANCH prod_copy FROM main AS OF NOW
        WITH (
          replication_factor = 3,
          region = 'us-west-2'
        );
        """);
    assertEquals("", rows(main, "SELECT branch_name, size_mb FROM pg_database_branches() WHERE size_mb > 1000 ORDER BY size_mb DESC"));
    assertEquals("(branch_name=main)(branch_name=prod_copy)(branch_name=test-1)", rows(main,
        "SELECT branch_name FROM (SELECT branch_name, ROUND((size_mb::FLOAT / 1024)::numeric, 2) as size_gb, created_at, status FROM pg_database_branches() "
            + "WHERE status = 'active') b ORDER BY 1"));
    main.execute("""
        DO $$
        DECLARE branch_rec RECORD;
        BEGIN
          FOR branch_rec IN SELECT branch_name FROM pg_database_branches()
                            WHERE branch_name LIKE 'test-%' AND created_at < NOW() + INTERVAL '7 days' LOOP
            EXECUTE 'DROP DATABASE BRANCH ' || branch_rec.branch_name;
          END LOOP;
        END $$""");
    assertEquals("(branch_name=main)(branch_name=prod_copy)", rows(main, "SELECT branch_name FROM pg_database_branches() ORDER BY 1"));
  }
}
