package io.heliosdb.nano.testkit.tpch;

import java.util.SplittableRandom;

/// Words, names and pseudo text of TPC-H (specification, 4.2.2.12 ff.).
final class TpchText {
  static final String[] COLORS = words("almond antique aquamarine azure beige bisque black blanched blue blush brown burlywood burnished chartreuse "
      + "chiffon chocolate coral cornflower cornsilk cream cyan dark deep dim dodger drab firebrick floral forest frosted gainsboro ghost goldenrod "
      + "green grey honeydew hot indian ivory khaki lace lavender lawn lemon light lime linen magenta maroon medium metallic midnight mint misty "
      + "moccasin navajo navy olive orange orchid pale papaya peach peru pink plum powder puff purple red rose rosy royal saddle salmon sandy "
      + "seashell sienna sky slate smoke snow spring steel tan thistle tomato turquoise violet wheat white yellow");
  static final String[] TYPE_SIZES = words("STANDARD SMALL MEDIUM LARGE ECONOMY PROMO");
  static final String[] TYPE_FINISHES = words("ANODIZED BURNISHED PLATED POLISHED BRUSHED");
  static final String[] TYPE_METALS = words("TIN NICKEL BRASS STEEL COPPER");
  static final String[] CONTAINER_SIZES = words("SM LG MED JUMBO WRAP");
  static final String[] CONTAINER_KINDS = words("CASE BOX BAG JAR PKG PACK CAN DRUM");
  static final String[] SEGMENTS = words("AUTOMOBILE BUILDING FURNITURE MACHINERY HOUSEHOLD");
  static final String[] PRIORITIES = {"1-URGENT", "2-HIGH", "3-MEDIUM", "4-NOT SPECIFIED", "5-LOW"};
  static final String[] INSTRUCTIONS = {"DELIVER IN PERSON", "COLLECT COD", "NONE", "TAKE BACK RETURN"};
  static final String[] MODES = {"REG AIR", "AIR", "RAIL", "SHIP", "TRUCK", "MAIL", "FOB"};
  static final String[] REGIONS = words("AFRICA AMERICA ASIA EUROPE MIDDLE_EAST");
  static final String[] NATIONS = words("ALGERIA ARGENTINA BRAZIL CANADA EGYPT ETHIOPIA FRANCE GERMANY INDIA INDONESIA IRAN IRAQ JAPAN JORDAN KENYA "
      + "MOROCCO MOZAMBIQUE PERU CHINA ROMANIA SAUDI_ARABIA VIETNAM RUSSIA UNITED_KINGDOM UNITED_STATES");
  static final int[] NATION_REGIONS = {0, 1, 1, 1, 4, 0, 3, 3, 2, 2, 4, 4, 2, 4, 0, 0, 0, 1, 2, 3, 4, 2, 3, 3, 1};

  private static final String[] NOUNS = words("foxes ideas theodolites pinto_beans instructions dependencies excuses platelets asymptotes courts "
      + "dolphins multipliers sauternes warthogs frets dinos attainments somas Tiresias' patterns forges braids hockey_players frays warhorses "
      + "dugouts notornis epitaphs pearls tithes waters orbits gifts sheaves depths sentiments decoys realms pains grouches escapades packages "
      + "requests accounts deposits");
  private static final String[] VERBS = words("sleep wake are cajole haggle nag use boost affix detect integrate maintain nod was lose sublate solve "
      + "thrash promise engage hinder print x-ray breach eat grow impress mold poach serve run dazzle snooze doze unwind kindle play hang believe doubt");
  private static final String[] ADJECTIVES = words("furious sly careful blithe quick fluffy slow quiet ruthless thin close dogged daring brave stealthy "
      + "permanent enticing idle busy regular final ironic even bold silent special pending unusual express");
  private static final String[] ADVERBS = words("sometimes always never furiously slyly carefully blithely quickly fluffily slowly quietly ruthlessly "
      + "thinly closely doggedly daringly bravely stealthily permanently enticingly idly busily regularly finally ironically evenly boldly silently");
  private static final String[] PREPOSITIONS = words("about above according_to across after against along among around at atop before behind beneath "
      + "beside besides between beyond by despite during except for from inside instead_of into near of on outside over past since through "
      + "throughout to toward under until up upon without with within");
  private static final String ADDRESS_CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ, ";

  private TpchText() {}

  private static String[] words(String list) {
    String[] words = list.split(" ");
    for (int i = 0; i < words.length; i++) {
      words[i] = words[i].replace('_', ' ');
    }
    return words;
  }

  static String pick(SplittableRandom random, String[] words) {
    return words[random.nextInt(words.length)];
  }

  /// Sentences of the pseudo-text grammar, cut to a length in `[least, most]`.
  static String text(SplittableRandom random, int least, int most) {
    int length = random.nextInt(least, most + 1);
    StringBuilder out = new StringBuilder(length + 32);
    while (out.length() < length) {
      phrase(random, out);
      out.append(' ').append(pick(random, VERBS)).append(' ');
      if (random.nextInt(3) == 0) {
        out.append(pick(random, ADVERBS)).append(' ');
      }
      out.append(pick(random, PREPOSITIONS)).append(" the ");
      phrase(random, out);
      out.append(random.nextInt(4) == 0 ? "; " : ". ");
    }
    out.setLength(length);
    return out.toString().strip();
  }

  private static void phrase(SplittableRandom random, StringBuilder out) {
    int form = random.nextInt(4);
    if (form == 3) {
      out.append(pick(random, ADVERBS)).append(' ');
    }
    if (form > 0) {
      out.append(pick(random, ADJECTIVES)).append(' ');
    }
    out.append(pick(random, NOUNS));
  }

  static String address(SplittableRandom random) {
    int length = random.nextInt(10, 41);
    StringBuilder out = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      out.append(ADDRESS_CHARACTERS.charAt(random.nextInt(ADDRESS_CHARACTERS.length())));
    }
    return out.toString();
  }

  static String phone(SplittableRandom random, int nation) {
    return (nation + 10) + "-" + random.nextInt(100, 1000) + "-" + random.nextInt(100, 1000) + "-" + random.nextInt(1000, 10000);
  }
}
