/**
 * Text from trained models, token by token: continued texts and translations. Entry class: {@link
 * dev.dlm.training.generate.TokenModel}.
 */
@NullMarked
package dev.dlm.training.generate;

import org.jspecify.annotations.NullMarked;
