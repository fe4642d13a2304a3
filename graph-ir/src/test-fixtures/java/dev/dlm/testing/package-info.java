/**
 * What the tests of several modules share. The entry class for data sets is {@link
 * dev.dlm.testing.SharedData}.
 */
@NullMarked
package dev.dlm.testing;

import org.jspecify.annotations.NullMarked;
