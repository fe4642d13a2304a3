package dev.dlm.dsl.format;

import dev.dlm.dsl.grammar.DlmParser;
import dev.dlm.dsl.grammar.DlmParser.BinaryExpressionContext;
import dev.dlm.dsl.grammar.DlmParser.BlockContext;
import dev.dlm.dsl.grammar.DlmParser.CallArgumentsContext;
import dev.dlm.dsl.grammar.DlmParser.ComponentBodyContext;
import dev.dlm.dsl.grammar.DlmParser.IndexExpressionContext;
import dev.dlm.dsl.grammar.DlmParser.ListExpressionContext;
import dev.dlm.dsl.grammar.DlmParser.ParametersContext;
import dev.dlm.dsl.grammar.DlmParser.PipelineExpressionContext;
import dev.dlm.dsl.grammar.DlmParser.RangeSubscriptContext;
import dev.dlm.dsl.grammar.DlmParser.ResultTypesContext;
import dev.dlm.dsl.grammar.DlmParser.TrainBodyContext;
import dev.dlm.dsl.grammar.DlmParser.TypeContext;
import dev.dlm.dsl.grammar.DlmParser.UnaryExpressionContext;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.BufferedTokenStream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/**
 * Turns a parse tree and the comments between its tokens into a {@link Layout}. Every token is kept
 * as it is.
 */
final class TreeLayout {
  private static final int INDENT = 2;

  private final BufferedTokenStream tokens;

  TreeLayout(BufferedTokenStream tokens) {
    this.tokens = tokens;
  }

  Layout file(DlmParser.FileContext context) {
    List<Layout> parts = new ArrayList<>();
    ParserRuleContext previous = null;
    for (DlmParser.DeclarationContext declaration : context.declaration()) {
      boolean grouped =
          previous != null
              && isShort(previous)
              && isShort(declaration)
              && !blankBefore(firstLineOf(declaration.getStart()), declaration.getStart());
      parts.add(new Layout.LineEnd(!grouped));
      parts.add(layout(declaration));
      previous = declaration;
    }
    parts.add(Layout.LINE_END);
    parts.add(comments(context.EOF().getSymbol()));
    return new Layout.Sequence(parts);
  }

  private static boolean isShort(ParserRuleContext declaration) {
    return switch (declaration.getChild(0)) {
      case DlmParser.ImportDeclarationContext _, DlmParser.ConstantDeclarationContext _ -> true;
      default -> false;
    };
  }

  private Layout layout(ParseTree tree) {
    return switch (tree) {
      case TerminalNode terminal -> token(terminal.getSymbol());
      case BlockContext c -> braces(c, c.statement());
      case ComponentBodyContext c -> braces(c, c.componentMember());
      case TrainBodyContext c -> braces(c, c.trainItem());
      case ParametersContext c -> delimited(c.children);
      case CallArgumentsContext c -> delimited(c.children);
      case ListExpressionContext c ->
          c.comprehension() == null
              ? delimited(c.children)
              : Layout.sequence(
                  layout(c.getChild(0)), spaced(c.children.subList(1, 3)), layout(c.getChild(3)));
      case ResultTypesContext c ->
          c.LEFT_PARENTHESIS() == null
              ? spaced(c.children)
              : Layout.sequence(
                  layout(c.getChild(0)),
                  Layout.SPACE,
                  delimited(c.children.subList(1, c.getChildCount())));
      case TypeContext c ->
          c.getChildCount() == 1
              ? layout(c.getChild(0))
              : Layout.sequence(
                  layout(c.getChild(0)), delimited(c.children.subList(1, c.getChildCount())));
      case IndexExpressionContext c ->
          Layout.sequence(
              layout(c.getChild(0)), delimited(c.children.subList(1, c.getChildCount())));
      case DlmParser.CallExpressionContext c -> joined(c.children);
      case DlmParser.MemberExpressionContext c -> joined(c.children);
      case DlmParser.GroupExpressionContext c -> joined(c.children);
      case DlmParser.DimensionContext c -> joined(c.children);
      case DlmParser.PathNameContext c -> joined(c.children);
      case RangeSubscriptContext c -> joined(c.children);
      case DlmParser.PositionSubscriptContext c -> joined(c.children);
      case UnaryExpressionContext c -> c.NOT() == null ? joined(c.children) : spaced(c.children);
      case BinaryExpressionContext c -> binary(c);
      case PipelineExpressionContext c -> pipeline(c);
      case DlmParser.TrainDeclarationContext c ->
          c.callArguments() == null
              ? spaced(c.children)
              : Layout.sequence(
                  spaced(c.children.subList(0, 2)),
                  layout(c.callArguments()),
                  Layout.SPACE,
                  layout(c.trainBody()));
      case DlmParser.ScanExpressionContext c -> loop(c, c.block());
      case DlmParser.WhileExpressionContext c -> loop(c, c.block());
      case DlmParser.CarriesContext c -> carries(c);
      case ParserRuleContext c -> spaced(c.children);
      default -> throw new IllegalStateException("no layout for " + tree.getClass());
    };
  }

  private Layout joined(List<ParseTree> children) {
    return new Layout.Sequence(children.stream().map(this::layout).toList());
  }

  /**
   * Children with a space between them, but none before a comma, a colon or parameters, nor around
   * {@code ..}.
   */
  private Layout spaced(List<ParseTree> children) {
    List<Layout> parts = new ArrayList<>();
    for (int i = 0; i < children.size(); i++) {
      ParseTree child = children.get(i);
      if (i > 0 && wantsSpace(children.get(i - 1), child)) {
        parts.add(Layout.SPACE);
      }
      parts.add(layout(child));
    }
    return new Layout.Sequence(parts);
  }

  private static boolean wantsSpace(ParseTree left, ParseTree right) {
    if (typeOf(left) == DlmParser.DOT_DOT || right instanceof ParametersContext) {
      return false;
    }
    return switch (typeOf(right)) {
      case DlmParser.COMMA, DlmParser.COLON, DlmParser.DOT_DOT -> false;
      default -> true;
    };
  }

  private static int typeOf(ParseTree tree) {
    return tree instanceof TerminalNode terminal
        ? terminal.getSymbol().getType()
        : Token.INVALID_TYPE;
  }

  /** {@code (a, b)}: on one line, or an element a line. */
  private Layout delimited(List<ParseTree> children) {
    List<Layout> inner = new ArrayList<>();
    for (int i = 1; i < children.size() - 1; i++) {
      ParseTree child = children.get(i);
      if (typeOf(child) != DlmParser.COMMA) {
        inner.add(i == 1 ? Layout.SOFT_LINE : Layout.LINE);
      }
      inner.add(layout(child));
    }
    Layout close = layout(children.getLast());
    Layout end = inner.isEmpty() ? Layout.EMPTY : Layout.SOFT_LINE;
    return new Layout.Group(
        Layout.sequence(
            layout(children.getFirst()),
            new Layout.Indented(INDENT, new Layout.Sequence(inner)),
            end,
            close));
  }

  private Layout binary(BinaryExpressionContext context) {
    Layout body =
        Layout.sequence(
            layout(context.getChild(0)),
            Layout.LINE,
            layout(context.getChild(1)),
            Layout.SPACE,
            layout(context.getChild(2)));
    boolean inner = context.getParent() instanceof BinaryExpressionContext;
    return new Layout.Group(inner ? body : new Layout.Indented(2 * INDENT, body));
  }

  /**
   * Breaks before a stage stay where the author put them: which stages stand together carries
   * meaning.
   */
  private Layout pipeline(PipelineExpressionContext context) {
    List<ParseTree> stages = new ArrayList<>();
    List<Token> pipes = new ArrayList<>();
    ParseTree head = context;
    while (head instanceof PipelineExpressionContext pipe) {
      stages.addFirst(pipe.expression(1));
      pipes.addFirst(pipe.PIPE().getSymbol());
      head = pipe.expression(0);
    }
    boolean broken = pipes.stream().anyMatch(this::isFirstOnLine);
    List<Layout> rest = new ArrayList<>();
    for (int i = 0; i < stages.size(); i++) {
      Token pipe = pipes.get(i);
      if (isFirstOnLine(pipe)) {
        rest.add(Layout.LINE_END);
      } else {
        rest.add(broken ? Layout.SPACE : Layout.LINE);
      }
      rest.add(token(pipe));
      rest.add(Layout.SPACE);
      rest.add(layout(stages.get(i)));
    }
    return new Layout.Group(
        Layout.sequence(layout(head), new Layout.Indented(INDENT, new Layout.Sequence(rest))));
  }

  /** {@code scan … { … }}: what stands before the braces on one line, or a clause a line. */
  private Layout loop(ParserRuleContext context, BlockContext block) {
    List<Layout> clauses = new ArrayList<>();
    for (ParseTree child : context.children.subList(0, context.getChildCount() - 1)) {
      boolean clause =
          switch (child) {
            case DlmParser.ReversalContext _,
                DlmParser.AxisClauseContext _,
                DlmParser.RecomputationContext _,
                DlmParser.CarriesContext _,
                DlmParser.LimitClauseContext _ ->
                true;
            default -> false;
          };
      if (typeOf(child) != DlmParser.COMMA && !clauses.isEmpty()) {
        clauses.add(clause ? Layout.LINE : Layout.SPACE);
      }
      clauses.add(layout(child));
    }
    Layout header = new Layout.Group(new Layout.Indented(2 * INDENT, new Layout.Sequence(clauses)));
    return Layout.sequence(header, Layout.SPACE, layout(block));
  }

  /** {@code carry a = 1, b = 2}: on one line, or a value a line. */
  private Layout carries(DlmParser.CarriesContext context) {
    List<Layout> parts = new ArrayList<>();
    parts.add(layout(context.getChild(0)));
    for (ParseTree child : context.children.subList(1, context.getChildCount())) {
      if (child instanceof DlmParser.CarriedContext) {
        parts.add(parts.size() == 1 ? Layout.SPACE : Layout.LINE);
      }
      parts.add(layout(child));
    }
    return new Layout.Group(new Layout.Indented(2 * INDENT, new Layout.Sequence(parts)));
  }

  private Layout braces(ParserRuleContext context, List<? extends ParserRuleContext> members) {
    List<Layout> inner = new ArrayList<>();
    inner.add(new Layout.NoBlank());
    for (ParserRuleContext member : members) {
      inner.add(new Layout.LineEnd(blankBefore(firstLineOf(member.getStart()), member.getStart())));
      inner.add(layout(member));
    }
    Token close = context.getStop();
    inner.add(Layout.LINE_END);
    inner.add(comments(close));
    return Layout.sequence(
        layout(context.getChild(0)),
        new Layout.Indented(INDENT, new Layout.Sequence(inner)),
        Layout.LINE_END,
        new Layout.NoBlank(),
        new Layout.Text(close.getText()));
  }

  private Layout token(Token token) {
    return Layout.sequence(comments(token), new Layout.Text(token.getText()));
  }

  /** The comments between the token before {@code token} and it. */
  private Layout comments(Token token) {
    List<Token> comments =
        tokens.getHiddenTokensToLeft(token.getTokenIndex(), Token.HIDDEN_CHANNEL);
    if (comments == null) {
      return Layout.EMPTY;
    }
    List<Layout> parts = new ArrayList<>();
    int lineBefore = lineBefore(comments.getFirst());
    boolean ownLine = false;
    for (Token comment : comments) {
      Layout.Text text = new Layout.Text(comment.getText().stripTrailing());
      if (comment.getLine() == lineBefore) {
        parts.add(new Layout.Trailing(text.text()));
      } else {
        parts.add(new Layout.LineEnd(lineBefore > 0 && comment.getLine() > lineBefore + 1));
        parts.add(text);
        parts.add(Layout.LINE_END);
        ownLine = true;
      }
      lineBefore = comment.getLine();
    }
    if (ownLine && token.getType() != Token.EOF && token.getLine() > lineBefore + 1) {
      parts.add(new Layout.LineEnd(true));
    }
    return new Layout.Sequence(parts);
  }

  private boolean isFirstOnLine(Token token) {
    return lineBefore(token) < token.getLine();
  }

  /** The line of the token or comment before {@code token}; zero at the beginning of the file. */
  private int lineBefore(Token token) {
    return token.getTokenIndex() == 0 ? 0 : tokens.get(token.getTokenIndex() - 1).getLine();
  }

  /** The first comment that stands on its own line before {@code token}, or the token itself. */
  private Token firstLineOf(Token token) {
    int first = token.getTokenIndex();
    while (first > 0
        && tokens.get(first - 1).getChannel() == Token.HIDDEN_CHANNEL
        && isFirstOnLine(tokens.get(first - 1))) {
      first--;
    }
    return tokens.get(first);
  }

  private boolean blankBefore(Token first, Token token) {
    return first.getTokenIndex() > 0
        && first.getTokenIndex() <= token.getTokenIndex()
        && first.getLine() > lineBefore(first) + 1;
  }
}
