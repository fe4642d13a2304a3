package dev.dlm.dsl.grammar;

import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.InputMismatchException;
import org.antlr.v4.runtime.NoViableAltException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.ATNConfig;
import org.antlr.v4.runtime.atn.Transition;
import org.antlr.v4.runtime.misc.IntervalSet;

/** Says in words which tokens could have stood at a place, and which one stood there. */
final class ExpectedTokens {
  private static final int MAXIMUM_NAMED = 6;

  private ExpectedTokens() {}

  /** The message for {@code exception}: {@code expected <x>, found <y>}. */
  static String message(Parser parser, RecognitionException exception) {
    Token found = exception.getOffendingToken();
    if (found.getType() == DlmParser.UNTERMINATED_STRING) {
      return "this string is not closed before the end of its line";
    }
    if (found.getType() == DlmParser.UNKNOWN_CHARACTER) {
      return "the character " + found.getText() + " has no meaning here";
    }
    return "expected "
        + describe(parser, expected(parser, exception))
        + ", found "
        + describe(found);
  }

  private static IntervalSet expected(Parser parser, RecognitionException exception) {
    if (exception instanceof NoViableAltException dead && dead.getDeadEndConfigs() != null) {
      IntervalSet union = new IntervalSet();
      for (ATNConfig configuration : dead.getDeadEndConfigs()) {
        for (Transition transition : configuration.state.getTransitions()) {
          if (!transition.isEpsilon()) {
            union.addAll(transition.label());
          }
        }
      }
      if (!union.isNil()) {
        return union;
      }
    }
    if (exception instanceof InputMismatchException || exception.getOffendingState() >= 0) {
      return new IntervalSet(exception.getExpectedTokens());
    }
    return new IntervalSet(parser.getExpectedTokens());
  }

  static String describe(Parser parser, IntervalSet expected) {
    IntervalSet rest = new IntervalSet(expected);
    List<String> words = new ArrayList<>();
    take(parser, rest, DlmParser.RULE_subscript, "an index", words);
    take(parser, rest, DlmParser.RULE_expression, "an expression", words);
    take(parser, rest, DlmParser.RULE_declaration, "a declaration", words);
    take(parser, rest, DlmParser.RULE_componentMember, "a statement", words);
    take(parser, rest, DlmParser.RULE_statement, "a statement", words);
    take(parser, rest, DlmParser.RULE_memberName, "a name", words);
    take(parser, rest, DlmParser.RULE_name, "a name", words);
    take(parser, rest, DlmParser.RULE_trainItem, "a training setting", words);
    List<String> tokens = new ArrayList<>();
    for (int type : rest.toList()) {
      if (type != Token.EPSILON) {
        tokens.add(describe(type));
      }
    }
    if (words.size() + tokens.size() > MAXIMUM_NAMED) {
      tokens.removeIf(ExpectedTokens::isOperator);
      words.add("an operator");
    }
    words.addAll(tokens);
    return words.isEmpty() ? "something else" : join(words);
  }

  private static void take(
      Parser parser, IntervalSet rest, int rule, String noun, List<String> words) {
    IntervalSet first = parser.getATN().nextTokens(parser.getATN().ruleToStartState[rule]);
    if (rest.and(first).size() == first.size()) {
      for (int type : first.toList()) {
        rest.remove(type);
      }
      words.add(noun);
    }
  }

  private static boolean isOperator(String description) {
    return switch (description) {
      case "'+'",
          "'-'",
          "'*'",
          "'/'",
          "'%'",
          "'@'",
          "'**'",
          "'=='",
          "'!='",
          "'<'",
          "'<='",
          "'>'",
          "'>='",
          "'and'",
          "'or'",
          "'|>'",
          "'.'",
          "'named'",
          "'('",
          "'['" ->
          true;
      default -> false;
    };
  }

  private static String join(List<String> words) {
    if (words.size() == 1) {
      return words.getFirst();
    }
    return String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
  }

  private static String describe(int type) {
    return switch (type) {
      case Token.EOF -> "the end of the file";
      case DlmParser.IDENTIFIER -> "a name";
      case DlmParser.INTEGER, DlmParser.FLOAT -> "a number";
      case DlmParser.STRING -> "a string";
      case DlmParser.APPROXIMATELY -> "'≈'";
      default -> DlmParser.VOCABULARY.getDisplayName(type);
    };
  }

  private static String describe(Token token) {
    return token.getType() == Token.EOF ? "the end of the file" : "'" + token.getText() + "'";
  }
}
