/** The {@code dlm} command. The entry class is {@link dev.dlm.cli.Main}. */
@NullMarked
package dev.dlm.cli;

import org.jspecify.annotations.NullMarked;
