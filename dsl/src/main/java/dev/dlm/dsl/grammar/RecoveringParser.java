package dev.dlm.dsl.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.InputMismatchException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;
import org.antlr.v4.runtime.misc.ParseCancellationException;

/**
 * What the generated parser adds to ANTLR: readable errors, several a run, and a bound on nesting.
 *
 * <p>After an error the parser goes on where the next statement or declaration begins. Line ends
 * mean nothing in a correct file; after an error they are the best sign there is: the next
 * statement is the first line that is indented no deeper than the broken one.
 */
public abstract class RecoveringParser extends Parser {
  /** Reported errors a file; what follows is likely noise. */
  public static final int MAXIMUM_ERRORS = 20;

  private static final int MAXIMUM_RULE_DEPTH = 400;

  private final List<SyntaxError> errors = new ArrayList<>();
  private int depth;
  private int lastErrorIndex = -1;

  /** Creates a parser of {@code input}. */
  @SuppressWarnings("this-escape")
  protected RecoveringParser(TokenStream input) {
    super(input);
    removeErrorListeners();
    setErrorHandler(new BoundaryErrorStrategy(this));
  }

  /** The errors so far, in source order. */
  public final List<SyntaxError> errors() {
    return List.copyOf(errors);
  }

  @Override
  public void enterRule(ParserRuleContext context, int state, int ruleIndex) {
    descend();
    super.enterRule(context, state, ruleIndex);
  }

  @Override
  public void exitRule() {
    depth--;
    super.exitRule();
  }

  @Override
  public void enterRecursionRule(
      ParserRuleContext context, int state, int ruleIndex, int precedence) {
    descend();
    super.enterRecursionRule(context, state, ruleIndex, precedence);
  }

  @Override
  public void unrollRecursionContexts(ParserRuleContext parent) {
    depth--;
    super.unrollRecursionContexts(parent);
  }

  private void descend() {
    depth++;
    if (depth > MAXIMUM_RULE_DEPTH) {
      errors.add(new SyntaxError(getCurrentToken(), "this is nested too deeply", Optional.empty()));
      throw new ParseCancellationException("nested too deeply");
    }
  }

  /** Reports {@code exception} and moves to the next statement, or to the end of the block. */
  protected final void recoverAtStatement(
      ParserRuleContext context, RecognitionException exception) {
    context.exception = exception;
    report(exception);
    skipStatement(context.getStart());
  }

  /** Reports {@code exception} and moves to the next declaration. */
  protected final void recoverAtDeclaration(
      ParserRuleContext context, RecognitionException exception) {
    context.exception = exception;
    report(exception);
    skipDeclaration(context.getStart());
  }

  /** Reports {@code exception} and takes the block as closed where it stands. */
  protected final void recoverAtBlockEnd(
      ParserRuleContext context, RecognitionException exception) {
    context.exception = exception;
    Token opening = context.getStart();
    boolean opened = opening.getType() == DlmParser.LEFT_BRACE;
    report(exception, opened ? Optional.of(opening) : Optional.empty());
  }

  /**
   * Called where neither a member of a list nor its end stands: reports that and moves on to the
   * next member.
   *
   * @return false where the list has to be given up: at the end of the file or at the next
   *     declaration
   */
  final boolean skipToNextMember(ParserRuleContext list) {
    Token found = getCurrentToken();
    switch (list.getRuleIndex()) {
      case DlmParser.RULE_file -> {
        report(new InputMismatchException(this));
        skipDeclaration(found);
        return true;
      }
      case DlmParser.RULE_block, DlmParser.RULE_componentBody, DlmParser.RULE_trainBody -> {
        if (found.getType() == Token.EOF || startsDeclaration(found)) {
          return false;
        }
        report(new InputMismatchException(this));
        skipStatement(found);
        return true;
      }
      default -> {
        return false;
      }
    }
  }

  private void report(RecognitionException exception) {
    report(exception, Optional.empty());
  }

  private void report(RecognitionException exception, Optional<Token> opening) {
    Token offending = exception.getOffendingToken();
    if (offending.getTokenIndex() <= lastErrorIndex) {
      return;
    }
    lastErrorIndex = offending.getTokenIndex();
    errors.add(new SyntaxError(offending, ExpectedTokens.message(this, exception), opening));
    if (errors.size() >= MAXIMUM_ERRORS) {
      throw new ParseCancellationException("too many errors");
    }
  }

  private void skipStatement(Token start) {
    int braces = 0;
    while (true) {
      Token token = getCurrentToken();
      boolean atLineStart = token != start && isFirstOnLine(token);
      switch (token.getType()) {
        case Token.EOF -> {
          return;
        }
        case DlmParser.LEFT_BRACE -> braces++;
        case DlmParser.RIGHT_BRACE -> {
          if (braces == 0) {
            return;
          }
          braces--;
        }
        default -> {
          boolean outdented = token.getCharPositionInLine() <= start.getCharPositionInLine();
          if (atLineStart && (startsDeclaration(token) || (braces == 0 && outdented))) {
            return;
          }
        }
      }
      consume();
    }
  }

  private void skipDeclaration(Token start) {
    while (getCurrentToken().getType() != Token.EOF) {
      Token token = getCurrentToken();
      if (token != start && isFirstOnLine(token) && startsDeclaration(token)) {
        return;
      }
      consume();
    }
  }

  private boolean isFirstOnLine(Token token) {
    Token previous = _input.LT(-1);
    return previous == null || previous.getLine() < token.getLine();
  }

  /**
   * A declaration's keyword in the first column; inside a block such a word is indented or another
   * word's name.
   */
  private static boolean startsDeclaration(Token token) {
    if (token.getCharPositionInLine() != 0) {
      return false;
    }
    return switch (token.getType()) {
      case DlmParser.IMPORT,
          DlmParser.MODEL,
          DlmParser.LAYER,
          DlmParser.FUNCTION,
          DlmParser.TRAIN,
          DlmParser.TEST,
          DlmParser.INITIALIZER,
          DlmParser.OPTIMIZER,
          DlmParser.SCHEDULE,
          DlmParser.CLIP ->
          true;
      default -> false;
    };
  }
}
