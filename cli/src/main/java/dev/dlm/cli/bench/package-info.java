/**
 * Measurements of whole signatures and of their steps. The entry class is {@link
 * dev.dlm.cli.bench.OpenedModel}.
 */
@NullMarked
package dev.dlm.cli.bench;

import org.jspecify.annotations.NullMarked;
