/**
 * What a training recipe's words stand for: the data that its clauses name. The entry class is
 * {@link dev.dlm.training.recipe.RecipeData}.
 */
@NullMarked
package dev.dlm.training.recipe;

import org.jspecify.annotations.NullMarked;
