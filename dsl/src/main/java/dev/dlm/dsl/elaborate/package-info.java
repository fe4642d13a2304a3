/**
 * Turns syntax trees into graphs: runs construction code, binds and checks types, and writes the
 * signatures of each model. Entry class: {@link dev.dlm.dsl.elaborate.FileElaborator}.
 */
@NullMarked
package dev.dlm.dsl.elaborate;

import org.jspecify.annotations.NullMarked;
