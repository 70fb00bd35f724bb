/// PostgreSQL's regular expressions (ARE, ERE, BRE) on top of `java.util.regex`: own parser, translation, matching rules.
@NullMarked
package io.heliosdb.nano.function.regex;

import org.jspecify.annotations.NullMarked;
