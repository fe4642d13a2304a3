/**
 * dlm as one of the engines: models in the language, compiled and run as a program that embeds dlm
 * would.
 *
 * <p>Entry class: {@link dev.dlm.benchmarks.dlm.DlmEngine}.
 */
@NullMarked
package dev.dlm.benchmarks.dlm;

import org.jspecify.annotations.NullMarked;
