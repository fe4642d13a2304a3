package dev.dlm.dsl.syntax;

import dev.dlm.dsl.grammar.DlmParser;
import dev.dlm.dsl.grammar.DlmParser.BinaryExpressionContext;
import dev.dlm.dsl.grammar.DlmParser.CallArgumentsContext;
import dev.dlm.dsl.grammar.DlmParser.CallExpressionContext;
import dev.dlm.dsl.grammar.DlmParser.CondExpressionContext;
import dev.dlm.dsl.grammar.DlmParser.ConditionalExpressionContext;
import dev.dlm.dsl.grammar.DlmParser.EllipsisSubscriptContext;
import dev.dlm.dsl.grammar.DlmParser.ExpressionContext;
import dev.dlm.dsl.grammar.DlmParser.GroupExpressionContext;
import dev.dlm.dsl.grammar.DlmParser.IndexExpressionContext;
import dev.dlm.dsl.grammar.DlmParser.ListExpressionContext;
import dev.dlm.dsl.grammar.DlmParser.MemberExpressionContext;
import dev.dlm.dsl.grammar.DlmParser.NameExpressionContext;
import dev.dlm.dsl.grammar.DlmParser.NamedExpressionContext;
import dev.dlm.dsl.grammar.DlmParser.PipelineExpressionContext;
import dev.dlm.dsl.grammar.DlmParser.PositionSubscriptContext;
import dev.dlm.dsl.grammar.DlmParser.PrimaryContext;
import dev.dlm.dsl.grammar.DlmParser.PrimaryExpressionContext;
import dev.dlm.dsl.grammar.DlmParser.RangeSubscriptContext;
import dev.dlm.dsl.grammar.DlmParser.ScanExpressionContext;
import dev.dlm.dsl.grammar.DlmParser.SubscriptContext;
import dev.dlm.dsl.grammar.DlmParser.UnaryExpressionContext;
import dev.dlm.dsl.grammar.DlmParser.WhileExpressionContext;
import dev.dlm.dsl.syntax.Expression.BinaryOperator;
import dev.dlm.dsl.syntax.Expression.UnaryOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.jspecify.annotations.Nullable;

/** Builds expressions from the parse tree. */
final class ExpressionBuilder {
  /**
   * Operators in a row nest as deeply as parentheses do; whatever walks the tree later needs a
   * bound.
   */
  private static final int MAXIMUM_DEPTH = 400;

  private final TreeBuilder tree;
  private final List<SyntaxProblem> problems;
  private int depth;
  private boolean tooLong;

  ExpressionBuilder(TreeBuilder tree, List<SyntaxProblem> problems) {
    this.tree = tree;
    this.problems = problems;
  }

  void problem(Span span, String message) {
    problems.add(new SyntaxProblem(span, message));
  }

  Expression expression(ExpressionContext context) {
    if (depth >= MAXIMUM_DEPTH) {
      Span span = tree.span(context);
      if (!tooLong) {
        tooLong = true;
        problem(span, "this expression is too long: bind a part of it to a name");
      }
      return new Expression.BoolLiteral(span, false);
    }
    depth++;
    try {
      return build(context);
    } finally {
      depth--;
    }
  }

  private Expression build(ExpressionContext context) {
    Span span = tree.span(context);
    return switch (context) {
      case PrimaryExpressionContext c -> primary(c.primary());
      case MemberExpressionContext c ->
          new Expression.Member(span, expression(c.expression()), tree.name(c.memberName()));
      case CallExpressionContext c ->
          new Expression.Call(span, expression(c.expression()), arguments(c.callArguments()));
      case IndexExpressionContext c ->
          new Expression.Index(
              span,
              expression(c.expression()),
              c.subscript().stream().map(this::subscript).toList());
      case NamedExpressionContext c ->
          new Expression.Named(
              span,
              expression(c.expression()),
              tree.name(c.pathName().memberName()),
              tree.expressions(c.pathName().expression()));
      case UnaryExpressionContext c ->
          new Expression.Unary(
              span,
              c.NOT() == null ? UnaryOperator.NEGATE : UnaryOperator.NOT,
              expression(c.expression()));
      case BinaryExpressionContext c ->
          new Expression.Binary(
              span, operator(c), expression(c.expression(0)), expression(c.expression(1)));
      case PipelineExpressionContext c ->
          new Expression.Pipeline(span, expression(c.expression(0)), expression(c.expression(1)));
      default -> throw TreeBuilder.unknown(context);
    };
  }

  private static BinaryOperator operator(BinaryExpressionContext context) {
    for (ParseTree child : context.children) {
      if (child instanceof TerminalNode terminal) {
        return BinaryOperator.of(terminal.getText()).orElseThrow();
      }
    }
    throw TreeBuilder.unknown(context);
  }

  private Expression primary(PrimaryContext context) {
    Span span = tree.span(context);
    return switch (context) {
      case DlmParser.IntegerLiteralContext _ ->
          new Expression.IntegerLiteral(span, integer(span, context.getText()));
      case DlmParser.FloatLiteralContext _ ->
          new Expression.FloatLiteral(span, number(span, context.getText()));
      case DlmParser.StringLiteralContext c ->
          new Expression.StringLiteral(span, string(c.STRING().getSymbol()));
      case DlmParser.BoolLiteralContext c -> new Expression.BoolLiteral(span, c.TRUE() != null);
      case NameExpressionContext _ -> new Expression.Reference(span, context.getText());
      case GroupExpressionContext c -> expression(c.expression());
      case ListExpressionContext c when c.comprehension() != null ->
          new Expression.Comprehension(
              span,
              expression(c.expression(0)),
              tree.name(c.comprehension().name()),
              expression(c.comprehension().expression()));
      case ListExpressionContext c ->
          new Expression.ListLiteral(span, tree.expressions(c.expression()));
      case ConditionalExpressionContext c ->
          new Expression.Conditional(
              span,
              expression(c.expression(0)),
              expression(c.expression(1)),
              expression(c.expression(2)));
      case ScanExpressionContext c -> scan(span, c);
      case WhileExpressionContext c ->
          new Expression.While(
              span,
              expression(c.expression()),
              carried(c.carries()),
              Optional.ofNullable(c.limitClause()).map(l -> expression(l.expression())),
              tree.block(c.block()));
      case CondExpressionContext c -> branches(c.branches());
      default -> throw TreeBuilder.unknown(context);
    };
  }

  private Expression scan(Span span, ScanExpressionContext context) {
    DlmParser.ReversalContext reversal = context.reversal();
    DlmParser.RecomputationContext recomputation = context.recomputation();
    return new Expression.Scan(
        span,
        context.names().name().stream().map(tree::name).toList(),
        context.scanned().stream().map(this::scanned).toList(),
        flag(span, reversal != null, reversal == null ? null : reversal.expression()),
        Optional.ofNullable(context.axisClause()).map(c -> expression(c.expression())),
        flag(
            span, recomputation != null, recomputation == null ? null : recomputation.expression()),
        context.carries() == null ? List.of() : carried(context.carries()),
        tree.block(context.block()));
  }

  private Expression.Scanned scanned(DlmParser.ScannedContext context) {
    return new Expression.Scanned(
        tree.span(context),
        expression(context.expression(0)),
        context.DOT_DOT() == null
            ? Optional.empty()
            : Optional.of(expression(context.expression(1))));
  }

  /** A word that may stand alone or with a condition behind {@code when}. */
  private Expression flag(Span span, boolean present, @Nullable ExpressionContext condition) {
    return condition == null ? new Expression.BoolLiteral(span, present) : expression(condition);
  }

  private List<Expression.Carried> carried(DlmParser.CarriesContext context) {
    List<Expression.Carried> carried = new ArrayList<>();
    for (DlmParser.CarriedContext c : context.carried()) {
      carried.add(
          new Expression.Carried(tree.span(c), tree.name(c.name()), expression(c.expression())));
    }
    return carried;
  }

  private Expression branches(DlmParser.BranchesContext context) {
    Span span = tree.span(context);
    List<Statement> no;
    if (context.branches() == null) {
      no = tree.block(context.block(1));
    } else {
      Expression further = branches(context.branches());
      no = List.of(new Statement.Yield(further.span(), List.of(further)));
    }
    return new Expression.Cond(
        span, expression(context.expression()), tree.block(context.block(0)), no);
  }

  List<Argument> arguments(CallArgumentsContext context) {
    List<Argument> arguments = new ArrayList<>();
    for (DlmParser.ArgumentContext argument : context.argument()) {
      arguments.add(
          new Argument(
              tree.span(argument),
              Optional.ofNullable(argument.memberName()).map(tree::name),
              expression(argument.expression())));
    }
    return arguments;
  }

  private Subscript subscript(SubscriptContext context) {
    Span span = tree.span(context);
    return switch (context) {
      case EllipsisSubscriptContext _ -> new Subscript.Ellipsis(span);
      case PositionSubscriptContext c when c.COLON().isEmpty() ->
          new Subscript.Position(span, expression(c.expression(0)));
      case PositionSubscriptContext c -> range(span, c);
      case RangeSubscriptContext c -> range(span, c);
      default -> throw TreeBuilder.unknown(context);
    };
  }

  private Subscript range(Span span, SubscriptContext context) {
    List<Optional<Expression>> parts =
        new ArrayList<>(List.of(Optional.empty(), Optional.empty(), Optional.empty()));
    int part = 0;
    for (ParseTree child : context.children) {
      if (child instanceof ExpressionContext expression) {
        parts.set(part, Optional.of(expression(expression)));
      } else {
        part++;
      }
    }
    return new Subscript.Range(span, parts.get(0), parts.get(1), parts.get(2));
  }

  private long integer(Span span, String text) {
    try {
      return Long.parseLong(text.replace("_", ""));
    } catch (NumberFormatException _) {
      problem(span, text + " does not fit in 64 bits");
      return 0;
    }
  }

  private double number(Span span, String text) {
    double value = Double.parseDouble(text.replace("_", ""));
    if (Double.isInfinite(value)) {
      problem(span, text + " is larger than the largest f64");
    }
    return value;
  }

  /** The text between the quotes of {@code token}, its escapes resolved. */
  String string(Token token) {
    String quoted = token.getText();
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < quoted.length() - 1; i++) {
      char c = quoted.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      i++;
      switch (quoted.charAt(i)) {
        case 'n' -> text.append('\n');
        case 't' -> text.append('\t');
        case '"' -> text.append('"');
        case '\\' -> text.append('\\');
        default ->
            problem(
                SourceParser.spanOf(token),
                "\\" + quoted.charAt(i) + " is no escape: there are \\n, \\t, \\\" and \\\\");
      }
    }
    return text.toString();
  }
}
