/**
 * What the command says: results and JSON on standard output, messages on standard error. The entry
 * class is {@link dev.dlm.cli.console.Console}.
 */
@NullMarked
package dev.dlm.cli.console;

import org.jspecify.annotations.NullMarked;
