/**
 * Drawings of how a training went, as SVG. The entry class is {@link
 * dev.dlm.cli.plot.TrainingPlot}.
 */
@NullMarked
package dev.dlm.cli.plot;

import org.jspecify.annotations.NullMarked;
