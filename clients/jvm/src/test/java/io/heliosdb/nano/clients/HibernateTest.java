package io.heliosdb.nano.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Index;
import jakarta.persistence.LockModeType;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.Table;
import jakarta.persistence.UniqueConstraint;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.hibernate.SessionFactory;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.cfg.Configuration;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.tool.schema.spi.SchemaManagementException;
import org.hibernate.type.SqlTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(300)
class HibernateTest {
  @RegisterExtension
  static final Server SERVER = new Server("Hibernate ORM", Server.versionOf(SessionFactory.class));

  public enum Level { LOW, HIGH }

  @Entity(name = "Team")
  @Table(name = "team", uniqueConstraints = @UniqueConstraint(name = "one_name", columnNames = "name"))
  public static class Team {
    @Id @GeneratedValue(strategy = GenerationType.IDENTITY) public Long id;
    @Column(length = 40, nullable = false) public String name;
    @Version public int version;
    @OneToMany(mappedBy = "team") public List<Person> people = new ArrayList<>();
  }

  @Entity(name = "Person")
  @Table(name = "person", indexes = @Index(name = "person_name", columnList = "name, born desc"))
  public static class Person {
    @Id @GeneratedValue(strategy = GenerationType.SEQUENCE) public Long id;
    @ManyToOne public Team team;
    public String name;
    public LocalDate born;
    public LocalTime at;
    public Instant seen;
    public Duration pause;
    @Column(precision = 12, scale = 2) public BigDecimal salary;
    public Double ratio;
    public boolean active;
    public UUID code;
    public byte[] photo;
    @Enumerated(EnumType.STRING) public Level level;
    @JdbcTypeCode(SqlTypes.NAMED_ENUM) public Level named;
    @JdbcTypeCode(SqlTypes.JSON) public java.util.Map<String, String> facts;
    public String[] tags;
    @Column(columnDefinition = "text") public String note;
    @ManyToMany public Set<Skill> skills = new java.util.HashSet<>();
  }

  @Entity(name = "Skill")
  @Table(name = "skill")
  public static class Skill {
    @Id @GeneratedValue public UUID id;
    public String label;
  }

  /// The team table as a later version of the program wants it.
  @Entity(name = "Team")
  @Table(name = "team")
  public static class TeamWithMotto {
    @Id @GeneratedValue(strategy = GenerationType.IDENTITY) public Long id;
    @Column(length = 40, nullable = false) public String name;
    @Version public int version;
    public String motto;
  }

  private static SessionFactory factory(String mode, Class<?>... entities) {
    Configuration configuration = new Configuration();
    for (Class<?> entity : entities) {
      configuration.addAnnotatedClass(entity);
    }
    return configuration
        .setProperty("hibernate.connection.url", SERVER.url()).setProperty("hibernate.connection.username", "postgres").setProperty("hibernate.connection.password", "x")
        .setProperty("hibernate.hbm2ddl.auto", mode).setProperty("hibernate.jdbc.batch_size", "20").setProperty("hibernate.connection.pool_size", "20")
        .setProperty("hibernate.type.json_format_mapper", TextMaps.class.getName()).setProperty("hibernate.jdbc.time_zone", "UTC")
        .buildSessionFactory();
  }

  /// JSON objects of strings, so that no JSON library is needed here.
  public static class TextMaps implements org.hibernate.type.format.FormatMapper {
    @Override
    @SuppressWarnings("unchecked")
    public <T> T fromString(CharSequence text, org.hibernate.type.descriptor.java.JavaType<T> type, org.hibernate.type.descriptor.WrapperOptions options) {
      String[] parts = text.toString().split("\"");
      return (T) java.util.Map.of(parts[1], parts[3]);
    }

    @Override
    public <T> String toString(T value, org.hibernate.type.descriptor.java.JavaType<T> type, org.hibernate.type.descriptor.WrapperOptions options) {
      var entry = ((java.util.Map<?, ?>) value).entrySet().iterator().next();
      return "{\"" + entry.getKey() + "\": \"" + entry.getValue() + "\"}";
    }
  }

  @Test
  void creates_updates_and_validates_schemas_and_works_with_entities() {
    Class<?>[] entities = {Team.class, Person.class, Skill.class};
    try (SessionFactory factory = factory("update", entities)) {
      work(factory);
      errors(factory);
    }
    factory("validate", entities).close();
    factory("update", entities).close();
    SchemaManagementException missing = assertThrows(SchemaManagementException.class, () -> factory("validate", TeamWithMotto.class));
    assertTrue(missing.getMessage().contains("missing column [motto] in table [team]"), missing.getMessage());
    factory("update", TeamWithMotto.class).close();
    factory("validate", TeamWithMotto.class).close();
    factory("create-drop", entities).close();
  }

  private static void work(SessionFactory factory) {
    Instant moment = Instant.parse("2024-02-29T12:34:56.789123Z");
    UUID code = UUID.fromString("12345678-1234-5678-1234-567812345678");
    Long id = factory.fromTransaction(session -> {
      Team team = new Team();
      team.name = "red";
      session.persist(team);
      Skill skill = new Skill();
      skill.label = "maths";
      session.persist(skill);
      Person ada = new Person();
      ada.team = team;
      ada.name = "Ada";
      ada.born = LocalDate.of(1815, 12, 10);
      ada.at = LocalTime.of(9, 30);
      ada.seen = moment;
      ada.pause = Duration.ofMinutes(90);
      ada.salary = new BigDecimal("12.50");
      ada.ratio = 0.1;
      ada.code = code;
      ada.photo = new byte[] {0, -1};
      ada.level = Level.HIGH;
      ada.named = Level.LOW;
      ada.facts = java.util.Map.of("a", "\u20ac");
      ada.tags = new String[] {"x", "y,z", null};
      ada.note = "n".repeat(5000);
      ada.skills.add(skill);
      session.persist(ada);
      for (int i = 0; i < 100; i++) {
        Person other = new Person();
        other.team = team;
        other.name = "p" + i;
        other.salary = BigDecimal.valueOf(i);
        session.persist(other);
      }
      return ada.id;
    });
    factory.inTransaction(session -> {
      Person ada = session.find(Person.class, id, LockModeType.PESSIMISTIC_WRITE);
      assertEquals(List.of("Ada", LocalDate.of(1815, 12, 10), LocalTime.of(9, 30), moment, Duration.ofMinutes(90), new BigDecimal("12.50"), 0.1, code, Level.HIGH, Level.LOW, java.util.Map.of("a", "\u20ac")),
          List.of(ada.name, ada.born, ada.at, ada.seen, ada.pause, ada.salary, ada.ratio, ada.code, ada.level, ada.named, ada.facts));
      assertArrayEquals(new byte[] {0, -1}, ada.photo);
      assertArrayEquals(new String[] {"x", "y,z", null}, ada.tags);
      assertEquals("maths", ada.skills.iterator().next().label);
      assertEquals(2, session.createQuery("from Person p where p.salary > :low and p.team.name = :team", Person.class).setParameter("low", BigDecimal.valueOf(97)).setParameter("team", "red").getResultList().size());
      Object[] sums = session.createQuery("select t.name, count(p), sum(p.salary) from Team t join t.people p group by t.name", Object[].class).getSingleResult();
      assertEquals(List.of("red", 101L, new BigDecimal("4962.50")), List.of(sums));
      assertEquals(List.of("p99", "p98"), session.createQuery("select p.name from Person p order by p.salary desc nulls last", String.class).setFirstResult(0).setMaxResults(2).getResultList());
      assertEquals(1L, session.createQuery("select count(p) from Person p where array_contains(p.tags, 'x')", Long.class).getSingleResult());
      assertEquals(100, session.createMutationQuery("update Person p set p.active = true where p.salary between 0 and 98").executeUpdate());
      assertEquals(1, session.createMutationQuery("delete from Person p where p.name = 'p5'").executeUpdate());
      assertEquals(100L, session.createNativeQuery("select count(*) from person", Long.class).getSingleResult());
    });
  }

  private static void errors(SessionFactory factory) {
    ConstraintViolationException violation = assertThrows(ConstraintViolationException.class, () -> factory.inTransaction(session -> {
      Team team = new Team();
      team.name = "red";
      session.persist(team);
    }));
    assertEquals("23505", violation.getSQLState());
    assertEquals("one_name", violation.getConstraintName());
    assertThrows(jakarta.persistence.OptimisticLockException.class, () -> factory.inTransaction(first -> {
      Team team = first.createQuery("from Team", Team.class).getSingleResult();
      factory.inTransaction(second -> second.createQuery("from Team", Team.class).getSingleResult().name = "crimson");
      team.name = "scarlet";
    }));
  }
}
