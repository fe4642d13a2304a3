/**
 * The subcommands of {@code dlm}, a class each. Entry class: {@link dev.dlm.cli.command.Commands},
 * the list of them.
 */
@NullMarked
package dev.dlm.cli.command;

import org.jspecify.annotations.NullMarked;
