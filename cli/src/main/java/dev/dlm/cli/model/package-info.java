/**
 * What several commands need of a model: its file, its plan, its weights, the device it runs on.
 * The entry class is {@link dev.dlm.cli.model.ModelFile}.
 */
@NullMarked
package dev.dlm.cli.model;

import org.jspecify.annotations.NullMarked;
