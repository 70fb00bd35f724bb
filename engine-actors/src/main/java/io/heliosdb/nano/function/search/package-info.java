/// Full text search: text to tokens, tokens to lexemes, matching and ranking of lexemes.
@NullMarked
package io.heliosdb.nano.function.search;

import org.jspecify.annotations.NullMarked;
