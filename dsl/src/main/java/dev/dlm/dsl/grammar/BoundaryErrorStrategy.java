package dev.dlm.dsl.grammar;

import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.InputMismatchException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.ATNState;
import org.antlr.v4.runtime.misc.IntervalSet;

/**
 * Never inserts or deletes a token: an error leaves the rule it is in, and the parser goes on at
 * the next statement or declaration.
 */
final class BoundaryErrorStrategy extends DefaultErrorStrategy {
  private final RecoveringParser parser;

  BoundaryErrorStrategy(RecoveringParser parser) {
    this.parser = parser;
  }

  @Override
  public Token recoverInline(Parser recognizer) {
    throw new InputMismatchException(recognizer);
  }

  @Override
  public void recover(Parser recognizer, RecognitionException exception) {
    throw exception;
  }

  @Override
  public void sync(Parser recognizer) {
    ATNState state = recognizer.getInterpreter().atn.states.get(recognizer.getState());
    IntervalSet next = recognizer.getATN().nextTokens(state);
    int found = recognizer.getInputStream().LA(1);
    if (next.contains(found) || next.contains(Token.EPSILON)) {
      return;
    }
    boolean inList =
        switch (state.getStateType()) {
          case ATNState.STAR_LOOP_ENTRY, ATNState.STAR_LOOP_BACK -> true;
          default -> false;
        };
    if (!inList || !parser.skipToNextMember(recognizer.getContext())) {
      throw new InputMismatchException(recognizer);
    }
  }
}
