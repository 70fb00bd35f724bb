package io.heliosdb.nano.parse;

import java.util.ArrayList;
import java.util.List;

/// PostgreSQL 15's key words: token kinds for the parser, their four classes, and whether they may be a column label without AS.
///
/// Each word's token kind is a compile-time constant named after the word; kinds are [#BASE] plus the word's place in alphabetical order.
/// Recognition is one probe of an open hash table keyed by the hash the lexer computes while scanning, so no string is made.
/// Source: `pg_get_keywords()` of PostgreSQL 15.
public final class Keywords {
  /// Kind of the first key word; smaller numbers are other tokens ([Tokens]).
  public static final int BASE = 256;

  static final int ABORT = 256, ABSOLUTE = 257, ACCESS = 258, ACTION = 259, ADD = 260, ADMIN = 261, AFTER = 262, AGGREGATE = 263;
  static final int ALL = 264, ALSO = 265, ALTER = 266, ALWAYS = 267, ANALYSE = 268, ANALYZE = 269, AND = 270, ANY = 271, ARRAY = 272;
  static final int AS = 273, ASC = 274, ASENSITIVE = 275, ASSERTION = 276, ASSIGNMENT = 277, ASYMMETRIC = 278, AT = 279, ATOMIC = 280;
  static final int ATTACH = 281, ATTRIBUTE = 282, AUTHORIZATION = 283, BACKWARD = 284, BEFORE = 285, BEGIN = 286, BETWEEN = 287;
  static final int BIGINT = 288, BINARY = 289, BIT = 290, BOOLEAN = 291, BOTH = 292, BREADTH = 293, BY = 294, CACHE = 295, CALL = 296;
  static final int CALLED = 297, CASCADE = 298, CASCADED = 299, CASE = 300, CAST = 301, CATALOG = 302, CHAIN = 303, CHAR = 304;
  static final int CHARACTER = 305, CHARACTERISTICS = 306, CHECK = 307, CHECKPOINT = 308, CLASS = 309, CLOSE = 310, CLUSTER = 311;
  static final int COALESCE = 312, COLLATE = 313, COLLATION = 314, COLUMN = 315, COLUMNS = 316, COMMENT = 317, COMMENTS = 318;
  static final int COMMIT = 319, COMMITTED = 320, COMPRESSION = 321, CONCURRENTLY = 322, CONFIGURATION = 323, CONFLICT = 324;
  static final int CONNECTION = 325, CONSTRAINT = 326, CONSTRAINTS = 327, CONTENT = 328, CONTINUE = 329, CONVERSION = 330, COPY = 331;
  static final int COST = 332, CREATE = 333, CROSS = 334, CSV = 335, CUBE = 336, CURRENT = 337, CURRENT_CATALOG = 338, CURRENT_DATE = 339;
  static final int CURRENT_ROLE = 340, CURRENT_SCHEMA = 341, CURRENT_TIME = 342, CURRENT_TIMESTAMP = 343, CURRENT_USER = 344, CURSOR = 345;
  static final int CYCLE = 346, DATA = 347, DATABASE = 348, DAY = 349, DEALLOCATE = 350, DEC = 351, DECIMAL = 352, DECLARE = 353;
  static final int DEFAULT = 354, DEFAULTS = 355, DEFERRABLE = 356, DEFERRED = 357, DEFINER = 358, DELETE = 359, DELIMITER = 360;
  static final int DELIMITERS = 361, DEPENDS = 362, DEPTH = 363, DESC = 364, DETACH = 365, DICTIONARY = 366, DISABLE = 367, DISCARD = 368;
  static final int DISTINCT = 369, DO = 370, DOCUMENT = 371, DOMAIN = 372, DOUBLE = 373, DROP = 374, EACH = 375, ELSE = 376, ENABLE = 377;
  static final int ENCODING = 378, ENCRYPTED = 379, END = 380, ENUM = 381, ESCAPE = 382, EVENT = 383, EXCEPT = 384, EXCLUDE = 385;
  static final int EXCLUDING = 386, EXCLUSIVE = 387, EXECUTE = 388, EXISTS = 389, EXPLAIN = 390, EXPRESSION = 391, EXTENSION = 392;
  static final int EXTERNAL = 393, EXTRACT = 394, FALSE = 395, FAMILY = 396, FETCH = 397, FILTER = 398, FINALIZE = 399, FIRST = 400;
  static final int FLOAT = 401, FOLLOWING = 402, FOR = 403, FORCE = 404, FOREIGN = 405, FORWARD = 406, FREEZE = 407, FROM = 408;
  static final int FULL = 409, FUNCTION = 410, FUNCTIONS = 411, GENERATED = 412, GLOBAL = 413, GRANT = 414, GRANTED = 415, GREATEST = 416;
  static final int GROUP = 417, GROUPING = 418, GROUPS = 419, HANDLER = 420, HAVING = 421, HEADER = 422, HOLD = 423, HOUR = 424;
  static final int IDENTITY = 425, IF = 426, ILIKE = 427, IMMEDIATE = 428, IMMUTABLE = 429, IMPLICIT = 430, IMPORT = 431, IN = 432;
  static final int INCLUDE = 433, INCLUDING = 434, INCREMENT = 435, INDEX = 436, INDEXES = 437, INHERIT = 438, INHERITS = 439;
  static final int INITIALLY = 440, INLINE = 441, INNER = 442, INOUT = 443, INPUT = 444, INSENSITIVE = 445, INSERT = 446, INSTEAD = 447;
  static final int INT = 448, INTEGER = 449, INTERSECT = 450, INTERVAL = 451, INTO = 452, INVOKER = 453, IS = 454, ISNULL = 455;
  static final int ISOLATION = 456, JOIN = 457, KEY = 458, LABEL = 459, LANGUAGE = 460, LARGE = 461, LAST = 462, LATERAL = 463;
  static final int LEADING = 464, LEAKPROOF = 465, LEAST = 466, LEFT = 467, LEVEL = 468, LIKE = 469, LIMIT = 470, LISTEN = 471, LOAD = 472;
  static final int LOCAL = 473, LOCALTIME = 474, LOCALTIMESTAMP = 475, LOCATION = 476, LOCK = 477, LOCKED = 478, LOGGED = 479;
  static final int MAPPING = 480, MATCH = 481, MATCHED = 482, MATERIALIZED = 483, MAXVALUE = 484, MERGE = 485, METHOD = 486, MINUTE = 487;
  static final int MINVALUE = 488, MODE = 489, MONTH = 490, MOVE = 491, NAME = 492, NAMES = 493, NATIONAL = 494, NATURAL = 495;
  static final int NCHAR = 496, NEW = 497, NEXT = 498, NFC = 499, NFD = 500, NFKC = 501, NFKD = 502, NO = 503, NONE = 504, NORMALIZE = 505;
  static final int NORMALIZED = 506, NOT = 507, NOTHING = 508, NOTIFY = 509, NOTNULL = 510, NOWAIT = 511, NULL = 512, NULLIF = 513;
  static final int NULLS = 514, NUMERIC = 515, OBJECT = 516, OF = 517, OFF = 518, OFFSET = 519, OIDS = 520, OLD = 521, ON = 522;
  static final int ONLY = 523, OPERATOR = 524, OPTION = 525, OPTIONS = 526, OR = 527, ORDER = 528, ORDINALITY = 529, OTHERS = 530;
  static final int OUT = 531, OUTER = 532, OVER = 533, OVERLAPS = 534, OVERLAY = 535, OVERRIDING = 536, OWNED = 537, OWNER = 538;
  static final int PARALLEL = 539, PARAMETER = 540, PARSER = 541, PARTIAL = 542, PARTITION = 543, PASSING = 544, PASSWORD = 545;
  static final int PLACING = 546, PLANS = 547, POLICY = 548, POSITION = 549, PRECEDING = 550, PRECISION = 551, PREPARE = 552;
  static final int PREPARED = 553, PRESERVE = 554, PRIMARY = 555, PRIOR = 556, PRIVILEGES = 557, PROCEDURAL = 558, PROCEDURE = 559;
  static final int PROCEDURES = 560, PROGRAM = 561, PUBLICATION = 562, QUOTE = 563, RANGE = 564, READ = 565, REAL = 566, REASSIGN = 567;
  static final int RECHECK = 568, RECURSIVE = 569, REF = 570, REFERENCES = 571, REFERENCING = 572, REFRESH = 573, REINDEX = 574;
  static final int RELATIVE = 575, RELEASE = 576, RENAME = 577, REPEATABLE = 578, REPLACE = 579, REPLICA = 580, RESET = 581, RESTART = 582;
  static final int RESTRICT = 583, RETURN = 584, RETURNING = 585, RETURNS = 586, REVOKE = 587, RIGHT = 588, ROLE = 589, ROLLBACK = 590;
  static final int ROLLUP = 591, ROUTINE = 592, ROUTINES = 593, ROW = 594, ROWS = 595, RULE = 596, SAVEPOINT = 597, SCHEMA = 598;
  static final int SCHEMAS = 599, SCROLL = 600, SEARCH = 601, SECOND = 602, SECURITY = 603, SELECT = 604, SEQUENCE = 605, SEQUENCES = 606;
  static final int SERIALIZABLE = 607, SERVER = 608, SESSION = 609, SESSION_USER = 610, SET = 611, SETOF = 612, SETS = 613, SHARE = 614;
  static final int SHOW = 615, SIMILAR = 616, SIMPLE = 617, SKIP = 618, SMALLINT = 619, SNAPSHOT = 620, SOME = 621, SQL = 622;
  static final int STABLE = 623, STANDALONE = 624, START = 625, STATEMENT = 626, STATISTICS = 627, STDIN = 628, STDOUT = 629;
  static final int STORAGE = 630, STORED = 631, STRICT = 632, STRIP = 633, SUBSCRIPTION = 634, SUBSTRING = 635, SUPPORT = 636;
  static final int SYMMETRIC = 637, SYSID = 638, SYSTEM = 639, TABLE = 640, TABLES = 641, TABLESAMPLE = 642, TABLESPACE = 643, TEMP = 644;
  static final int TEMPLATE = 645, TEMPORARY = 646, TEXT = 647, THEN = 648, TIES = 649, TIME = 650, TIMESTAMP = 651, TO = 652;
  static final int TRAILING = 653, TRANSACTION = 654, TRANSFORM = 655, TREAT = 656, TRIGGER = 657, TRIM = 658, TRUE = 659, TRUNCATE = 660;
  static final int TRUSTED = 661, TYPE = 662, TYPES = 663, UESCAPE = 664, UNBOUNDED = 665, UNCOMMITTED = 666, UNENCRYPTED = 667;
  static final int UNION = 668, UNIQUE = 669, UNKNOWN = 670, UNLISTEN = 671, UNLOGGED = 672, UNTIL = 673, UPDATE = 674, USER = 675;
  static final int USING = 676, VACUUM = 677, VALID = 678, VALIDATE = 679, VALIDATOR = 680, VALUE = 681, VALUES = 682, VARCHAR = 683;
  static final int VARIADIC = 684, VARYING = 685, VERBOSE = 686, VERSION = 687, VIEW = 688, VIEWS = 689, VOLATILE = 690, WHEN = 691;
  static final int WHERE = 692, WHITESPACE = 693, WINDOW = 694, WITH = 695, WITHIN = 696, WITHOUT = 697, WORK = 698, WRAPPER = 699;
  static final int WRITE = 700, XML = 701, XMLATTRIBUTES = 702, XMLCONCAT = 703, XMLELEMENT = 704, XMLEXISTS = 705, XMLFOREST = 706;
  static final int XMLNAMESPACES = 707, XMLPARSE = 708, XMLPI = 709, XMLROOT = 710, XMLSERIALIZE = 711, XMLTABLE = 712, YEAR = 713;
  static final int YES = 714, ZONE = 715;

  /// Word, class (Unreserved, Column name, Type or function name, Reserved), `+` if it may be a bare label; in token-kind order.
  private static final String WORDS =
      """
      abort:U+ absolute:U+ access:U+ action:U+ add:U+ admin:U+ after:U+ aggregate:U+ all:R+ also:U+ alter:U+ always:U+ analyse:R+
      analyze:R+ and:R+ any:R+ array:R- as:R- asc:R+ asensitive:U+ assertion:U+ assignment:U+ asymmetric:R+ at:U+ atomic:U+
      attach:U+ attribute:U+ authorization:T+ backward:U+ before:U+ begin:U+ between:C+ bigint:C+ binary:T+ bit:C+ boolean:C+
      both:R+ breadth:U+ by:U+ cache:U+ call:U+ called:U+ cascade:U+ cascaded:U+ case:R+ cast:R+ catalog:U+ chain:U+ char:C-
      character:C- characteristics:U+ check:R+ checkpoint:U+ class:U+ close:U+ cluster:U+ coalesce:C+ collate:R+ collation:T+
      column:R+ columns:U+ comment:U+ comments:U+ commit:U+ committed:U+ compression:U+ concurrently:T+ configuration:U+
      conflict:U+ connection:U+ constraint:R+ constraints:U+ content:U+ continue:U+ conversion:U+ copy:U+ cost:U+ create:R-
      cross:T+ csv:U+ cube:U+ current:U+ current_catalog:R+ current_date:R+ current_role:R+ current_schema:T+ current_time:R+
      current_timestamp:R+ current_user:R+ cursor:U+ cycle:U+ data:U+ database:U+ day:U- deallocate:U+ dec:C+ decimal:C+
      declare:U+ default:R+ defaults:U+ deferrable:R+ deferred:U+ definer:U+ delete:U+ delimiter:U+ delimiters:U+ depends:U+
      depth:U+ desc:R+ detach:U+ dictionary:U+ disable:U+ discard:U+ distinct:R+ do:R+ document:U+ domain:U+ double:U+ drop:U+
      each:U+ else:R+ enable:U+ encoding:U+ encrypted:U+ end:R+ enum:U+ escape:U+ event:U+ except:R- exclude:U+ excluding:U+
      exclusive:U+ execute:U+ exists:C+ explain:U+ expression:U+ extension:U+ external:U+ extract:C+ false:R+ family:U+ fetch:R-
      filter:U- finalize:U+ first:U+ float:C+ following:U+ for:R- force:U+ foreign:R+ forward:U+ freeze:T+ from:R- full:T+
      function:U+ functions:U+ generated:U+ global:U+ grant:R- granted:U+ greatest:C+ group:R- grouping:C+ groups:U+ handler:U+
      having:R- header:U+ hold:U+ hour:U- identity:U+ if:U+ ilike:T+ immediate:U+ immutable:U+ implicit:U+ import:U+ in:R+
      include:U+ including:U+ increment:U+ index:U+ indexes:U+ inherit:U+ inherits:U+ initially:R+ inline:U+ inner:T+ inout:C+
      input:U+ insensitive:U+ insert:U+ instead:U+ int:C+ integer:C+ intersect:R- interval:C+ into:R- invoker:U+ is:T+ isnull:T-
      isolation:U+ join:T+ key:U+ label:U+ language:U+ large:U+ last:U+ lateral:R+ leading:R+ leakproof:U+ least:C+ left:T+
      level:U+ like:T+ limit:R- listen:U+ load:U+ local:U+ localtime:R+ localtimestamp:R+ location:U+ lock:U+ locked:U+ logged:U+
      mapping:U+ match:U+ matched:U+ materialized:U+ maxvalue:U+ merge:U+ method:U+ minute:U- minvalue:U+ mode:U+ month:U- move:U+
      name:U+ names:U+ national:C+ natural:T+ nchar:C+ new:U+ next:U+ nfc:U+ nfd:U+ nfkc:U+ nfkd:U+ no:U+ none:C+ normalize:C+
      normalized:U+ not:R+ nothing:U+ notify:U+ notnull:T- nowait:U+ null:R+ nullif:C+ nulls:U+ numeric:C+ object:U+ of:U+ off:U+
      offset:R- oids:U+ old:U+ on:R- only:R+ operator:U+ option:U+ options:U+ or:R+ order:R- ordinality:U+ others:U+ out:C+
      outer:T+ over:U- overlaps:T- overlay:C+ overriding:U+ owned:U+ owner:U+ parallel:U+ parameter:U+ parser:U+ partial:U+
      partition:U+ passing:U+ password:U+ placing:R+ plans:U+ policy:U+ position:C+ preceding:U+ precision:C- prepare:U+
      prepared:U+ preserve:U+ primary:R+ prior:U+ privileges:U+ procedural:U+ procedure:U+ procedures:U+ program:U+ publication:U+
      quote:U+ range:U+ read:U+ real:C+ reassign:U+ recheck:U+ recursive:U+ ref:U+ references:R+ referencing:U+ refresh:U+
      reindex:U+ relative:U+ release:U+ rename:U+ repeatable:U+ replace:U+ replica:U+ reset:U+ restart:U+ restrict:U+ return:U+
      returning:R- returns:U+ revoke:U+ right:T+ role:U+ rollback:U+ rollup:U+ routine:U+ routines:U+ row:C+ rows:U+ rule:U+
      savepoint:U+ schema:U+ schemas:U+ scroll:U+ search:U+ second:U- security:U+ select:R+ sequence:U+ sequences:U+
      serializable:U+ server:U+ session:U+ session_user:R+ set:U+ setof:C+ sets:U+ share:U+ show:U+ similar:T+ simple:U+ skip:U+
      smallint:C+ snapshot:U+ some:R+ sql:U+ stable:U+ standalone:U+ start:U+ statement:U+ statistics:U+ stdin:U+ stdout:U+
      storage:U+ stored:U+ strict:U+ strip:U+ subscription:U+ substring:C+ support:U+ symmetric:R+ sysid:U+ system:U+ table:R+
      tables:U+ tablesample:T+ tablespace:U+ temp:U+ template:U+ temporary:U+ text:U+ then:R+ ties:U+ time:C+ timestamp:C+ to:R-
      trailing:R+ transaction:U+ transform:U+ treat:C+ trigger:U+ trim:C+ true:R+ truncate:U+ trusted:U+ type:U+ types:U+
      uescape:U+ unbounded:U+ uncommitted:U+ unencrypted:U+ union:R- unique:R+ unknown:U+ unlisten:U+ unlogged:U+ until:U+
      update:U+ user:R+ using:R+ vacuum:U+ valid:U+ validate:U+ validator:U+ value:U+ values:C+ varchar:C+ variadic:R+ varying:U-
      verbose:T+ version:U+ view:U+ views:U+ volatile:U+ when:R+ where:R- whitespace:U+ window:R- with:R- within:U- without:U-
      work:U+ wrapper:U+ write:U+ xml:U+ xmlattributes:C+ xmlconcat:C+ xmlelement:C+ xmlexists:C+ xmlforest:C+ xmlnamespaces:C+
      xmlparse:C+ xmlpi:C+ xmlroot:C+ xmlserialize:C+ xmltable:C+ year:U- yes:U+ zone:U+
      """;

  private static final int SLOT_COUNT = 2048;
  private static final String[] TEXTS;
  private static final byte[] CLASSES;
  private static final boolean[] BARE;
  private static final short[] SLOTS = new short[SLOT_COUNT];

  static {
    String[] words = split(WORDS);
    TEXTS = new String[words.length];
    CLASSES = new byte[words.length];
    BARE = new boolean[words.length];
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      int colon = word.length() - 3;
      TEXTS[i] = word.substring(0, colon).intern();
      CLASSES[i] = (byte) word.charAt(colon + 1);
      BARE[i] = word.charAt(colon + 2) == '+';
      int slot = slot(hash(TEXTS[i]));
      while (SLOTS[slot] != 0) {
        slot = (slot + 1) & (SLOT_COUNT - 1);
      }
      SLOTS[slot] = (short) (i + 1);
    }
  }

  private Keywords() {}

  /// One key word as `pg_get_keywords()` lists it; the class is `U`, `C`, `T` or `R`.
  public record Keyword(String word, char category, boolean bareLabel) {}

  /// All key words in alphabetical order.
  public static List<Keyword> all() {
    Keyword[] all = new Keyword[TEXTS.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = new Keyword(TEXTS[i], (char) CLASSES[i], BARE[i]);
    }
    return List.of(all);
  }

  /// The class of a lower-case word (`U`, `C`, `T`, `R`), or a blank if it is no key word. A name needs quotes if it is not `U` or blank.
  public static char category(String lowerCaseWord) {
    int kind = find(lowerCaseWord, 0, lowerCaseWord.length(), hash(lowerCaseWord));
    return kind < 0 ? ' ' : (char) CLASSES[kind - BASE];
  }

  /// The word of a key word's token kind.
  static String text(int kind) {
    return TEXTS[kind - BASE];
  }

  static boolean isKeyword(int kind) {
    return kind >= BASE;
  }

  static char categoryOf(int kind) {
    return (char) CLASSES[kind - BASE];
  }

  static boolean mayBeBareLabel(int kind) {
    return BARE[kind - BASE];
  }

  /// The words of a text separated by blanks; no regular expression, to start fast.
  private static String[] split(String text) {
    ArrayList<String> words = new ArrayList<>(512);
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ' || c == '\n') {
        words.add(text.substring(start, i));
        start = i + 1;
      }
    }
    return words.toArray(new String[0]);
  }

  static int hashStep(int hash, char lowerCase) {
    return hash * 31 + lowerCase;
  }

  private static int hash(String text) {
    int hash = 0;
    for (int i = 0; i < text.length(); i++) {
      hash = hashStep(hash, text.charAt(i));
    }
    return hash;
  }

  private static int slot(int hash) {
    return (hash ^ (hash >>> 11) ^ (hash >>> 22)) & (SLOT_COUNT - 1);
  }

  /// The kind of the word in `text[start, end)`, whatever its case, or -1. `hash` is that of the lower-cased word.
  static int find(String text, int start, int end, int hash) {
    int slot = slot(hash);
    int entry;
    while ((entry = SLOTS[slot]) != 0) {
      if (matches(TEXTS[entry - 1], text, start, end)) {
        return BASE + entry - 1;
      }
      slot = (slot + 1) & (SLOT_COUNT - 1);
    }
    return -1;
  }

  private static boolean matches(String word, String text, int start, int end) {
    if (word.length() != end - start) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (word.charAt(i) != Lexer.lower(text.charAt(start + i))) {
        return false;
      }
    }
    return true;
  }
}
