package dev.dlm.dsl.syntax;

import dev.dlm.dsl.grammar.DlmLexer;
import dev.dlm.dsl.grammar.DlmParser;
import dev.dlm.dsl.grammar.DlmParser.BindingStatementContext;
import dev.dlm.dsl.grammar.DlmParser.BlockContext;
import dev.dlm.dsl.grammar.DlmParser.ComponentDeclarationContext;
import dev.dlm.dsl.grammar.DlmParser.ConditionalStatementContext;
import dev.dlm.dsl.grammar.DlmParser.DeclarationContext;
import dev.dlm.dsl.grammar.DlmParser.ExpectStatementContext;
import dev.dlm.dsl.grammar.DlmParser.ExpressionContext;
import dev.dlm.dsl.grammar.DlmParser.FunctionDeclarationContext;
import dev.dlm.dsl.grammar.DlmParser.IfStatementContext;
import dev.dlm.dsl.grammar.DlmParser.ImportDeclarationContext;
import dev.dlm.dsl.grammar.DlmParser.InputStatementContext;
import dev.dlm.dsl.grammar.DlmParser.LossStatementContext;
import dev.dlm.dsl.grammar.DlmParser.MemberNameContext;
import dev.dlm.dsl.grammar.DlmParser.MetricStatementContext;
import dev.dlm.dsl.grammar.DlmParser.NameContext;
import dev.dlm.dsl.grammar.DlmParser.NextStatementContext;
import dev.dlm.dsl.grammar.DlmParser.OutputStatementContext;
import dev.dlm.dsl.grammar.DlmParser.ParametersContext;
import dev.dlm.dsl.grammar.DlmParser.RepeatStatementContext;
import dev.dlm.dsl.grammar.DlmParser.ResultTypesContext;
import dev.dlm.dsl.grammar.DlmParser.ReturnStatementContext;
import dev.dlm.dsl.grammar.DlmParser.StateStatementContext;
import dev.dlm.dsl.grammar.DlmParser.StatementContext;
import dev.dlm.dsl.grammar.DlmParser.StreamStatementContext;
import dev.dlm.dsl.grammar.DlmParser.TypeContext;
import dev.dlm.dsl.grammar.DlmParser.WeightStatementContext;
import dev.dlm.dsl.grammar.DlmParser.WhereStatementContext;
import dev.dlm.dsl.grammar.DlmParser.YieldStatementContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import org.antlr.v4.runtime.BufferedTokenStream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.TokenStream;
import org.antlr.v4.runtime.tree.ParseTree;
import org.jspecify.annotations.Nullable;

/** Builds declarations, statements and types from the parse tree. */
final class TreeBuilder {
  private final BufferedTokenStream tokens;
  private final ExpressionBuilder expressions;
  private final TrainBuilder training;

  TreeBuilder(TokenStream tokens, List<SyntaxProblem> problems) {
    this.tokens = (BufferedTokenStream) tokens;
    this.expressions = new ExpressionBuilder(this, problems);
    this.training = new TrainBuilder(this);
  }

  List<Declaration> file(DlmParser.FileContext context) {
    List<Declaration> declarations = new ArrayList<>();
    for (DeclarationContext declaration : context.declaration()) {
      declarations.add(declaration(declaration));
    }
    return declarations;
  }

  private Declaration declaration(DeclarationContext context) {
    if (context.exception != null || context.getChildCount() != 1) {
      return new Declaration.Invalid(span(context), nameOfInvalid(context));
    }
    ParseTree child = context.getChild(0);
    return switch (child) {
      case ImportDeclarationContext c -> importDeclaration(c);
      case DlmParser.ModelDeclarationContext c ->
          new Declaration.Model(
              span(c),
              name(c.name()),
              parameters(c.parameters()),
              block(c.block()),
              documentation(c));
      case ComponentDeclarationContext c -> component(c);
      case FunctionDeclarationContext c ->
          new Declaration.Function(
              span(c),
              name(c.name()),
              parameters(c.parameters()),
              resultTypes(c.resultTypes()),
              body(c.block(), c.expression()),
              documentation(c));
      case DlmParser.TrainDeclarationContext c ->
          new Declaration.Train(
              span(c),
              name(c.name()),
              c.callArguments() == null ? List.of() : expressions.arguments(c.callArguments()),
              training.items(c.trainBody()));
      case DlmParser.TestDeclarationContext c ->
          new Declaration.Test(
              span(c), expressions.string(c.STRING().getSymbol()), block(c.block()));
      case DlmParser.ConstantDeclarationContext c ->
          new Declaration.Constant(
              span(c), name(c.name()), expression(c.expression()), documentation(c));
      default -> throw unknown(child);
    };
  }

  private Declaration importDeclaration(ImportDeclarationContext context) {
    Optional<Name> alias =
        context.AS() == null ? Optional.empty() : Optional.of(name(context.name().getLast()));
    if (context.STRING() != null) {
      Token path = context.STRING().getSymbol();
      Name target = new Name(SourceParser.spanOf(path), expressions.string(path));
      return new Declaration.Import(span(context), target, true, alias);
    }
    return new Declaration.Import(span(context), name(context.name().getFirst()), false, alias);
  }

  private Declaration component(ComponentDeclarationContext context) {
    List<Statement> construction = new ArrayList<>();
    Optional<Declaration.Apply> apply = Optional.empty();
    for (DlmParser.ComponentMemberContext member : context.componentBody().componentMember()) {
      if (member.exception != null) {
        construction.add(new Statement.Invalid(span(member), List.of()));
      } else if (member.statement() != null) {
        construction.add(statement(member.statement()));
      } else if (apply.isPresent()) {
        expressions.problem(span(member), "apply is already defined above: a second one is not");
      } else {
        apply = Optional.of(apply(member.applyDeclaration()));
      }
    }
    if (apply.isEmpty() && context.componentBody().exception == null) {
      boolean invalid = construction.stream().anyMatch(s -> s instanceof Statement.Invalid);
      if (!invalid) {
        expressions.problem(
            span(context.name()), context.name().getText() + " has no apply(…) { … }");
      }
    }
    Declaration.ComponentKind kind =
        switch (context.componentKind().getStart().getType()) {
          case DlmParser.LAYER -> Declaration.ComponentKind.LAYER;
          case DlmParser.INITIALIZER -> Declaration.ComponentKind.INITIALIZER;
          case DlmParser.OPTIMIZER -> Declaration.ComponentKind.OPTIMIZER;
          case DlmParser.SCHEDULE -> Declaration.ComponentKind.SCHEDULE;
          case DlmParser.CLIP -> Declaration.ComponentKind.CLIP;
          default -> throw unknown(context.componentKind());
        };
    return new Declaration.Component(
        span(context),
        kind,
        name(context.name()),
        parameters(context.parameters()),
        construction,
        apply,
        documentation(context));
  }

  private Declaration.Apply apply(DlmParser.ApplyDeclarationContext context) {
    return new Declaration.Apply(
        span(context),
        parameters(context.parameters()),
        resultTypes(context.resultTypes()),
        body(context.block(), context.expression()));
  }

  /** {@code f(x) = e} is {@code f(x) { return e }}. */
  private List<Statement> body(@Nullable BlockContext block, @Nullable ExpressionContext value) {
    if (block != null) {
      return block(block);
    }
    if (value == null) {
      return List.of();
    }
    Expression returned = expression(value);
    return List.of(new Statement.Return(returned.span(), List.of(returned)));
  }

  List<Statement> block(BlockContext context) {
    List<Statement> statements = new ArrayList<>();
    for (StatementContext statement : context.statement()) {
      statements.add(statement(statement));
    }
    return statements;
  }

  private Statement statement(StatementContext context) {
    if (context.exception != null) {
      return new Statement.Invalid(span(context), namesOfInvalid(context));
    }
    Span span = span(context);
    return switch (context) {
      case BindingStatementContext c ->
          new Statement.Binding(
              span, c.names().name().stream().map(this::name).toList(), expression(c.expression()));
      case InputStatementContext c ->
          new Statement.Input(span, name(c.name()), type(c.type()), documentation(c));
      case WeightStatementContext c ->
          new Statement.Weight(
              span, name(c.name()), type(c.type()), expression(c.expression()), documentation(c));
      case StateStatementContext c ->
          new Statement.State(
              span, name(c.name()), type(c.type()), expression(c.expression()), documentation(c));
      case StreamStatementContext c ->
          new Statement.Stream(span, name(c.name()), type(c.type()), documentation(c));
      case NextStatementContext c ->
          new Statement.Next(span, name(c.name()), expression(c.expression()));
      case OutputStatementContext c ->
          new Statement.Output(
              span,
              name(c.name()),
              Optional.ofNullable(c.expression()).map(this::expression),
              documentation(c));
      case LossStatementContext c -> {
        Name name =
            c.name() == null ? new Name(SourceParser.spanOf(c.getStart()), "loss") : name(c.name());
        yield new Statement.Loss(span, name, expression(c.expression()), documentation(c));
      }
      case MetricStatementContext c ->
          new Statement.Metric(span, name(c.name()), expression(c.expression()), documentation(c));
      case ConditionalStatementContext c -> ifStatement(c.ifStatement());
      case RepeatStatementContext c ->
          new Statement.Repeat(
              span,
              name(c.name()),
              expression(c.expression().getFirst()),
              c.DOT_DOT() == null
                  ? Optional.empty()
                  : Optional.of(expression(c.expression().getLast())),
              block(c.block()));
      case WhereStatementContext c -> new Statement.Where(span, expression(c.expression()));
      case ReturnStatementContext c -> new Statement.Return(span, expressions(c.expression()));
      case YieldStatementContext c -> new Statement.Yield(span, expressions(c.expression()));
      case ExpectStatementContext c ->
          new Statement.Expect(
              span,
              expression(c.expression(0)),
              c.APPROXIMATELY() == null
                  ? Optional.empty()
                  : Optional.of(expression(c.expression(1))),
              c.WITHIN() == null ? Optional.empty() : Optional.of(expression(c.expression(2))));
      default -> throw unknown(context);
    };
  }

  private Statement ifStatement(IfStatementContext context) {
    List<Statement> no = List.of();
    if (context.ifStatement() != null) {
      no = List.of(ifStatement(context.ifStatement()));
    } else if (context.block().size() > 1) {
      no = block(context.block(1));
    }
    return new Statement.If(
        span(context), expression(context.expression()), block(context.block(0)), no);
  }

  private List<Parameter> parameters(ParametersContext context) {
    List<Parameter> parameters = new ArrayList<>();
    if (context != null) {
      for (DlmParser.ParameterContext parameter : context.parameter()) {
        parameters.add(
            new Parameter(
                span(parameter),
                name(parameter.name()),
                Optional.ofNullable(parameter.type()).map(this::type),
                Optional.ofNullable(parameter.expression()).map(this::expression),
                documentation(parameter)));
      }
    }
    return parameters;
  }

  private List<TypeExpression> resultTypes(ResultTypesContext context) {
    return context == null ? List.of() : context.type().stream().map(this::type).toList();
  }

  private TypeExpression type(TypeContext context) {
    Optional<List<TypeExpression.Dimension>> dimensions = Optional.empty();
    String text = context.memberName().getText();
    if (context.LEFT_BRACKET() != null) {
      List<TypeExpression.Dimension> list = new ArrayList<>();
      for (DlmParser.DimensionContext dimension : context.dimension()) {
        list.add(
            dimension.DOT_DOT() == null
                ? new TypeExpression.Size(span(dimension), expression(dimension.expression()))
                : new TypeExpression.Spread(span(dimension), name(dimension.name())));
      }
      dimensions = Optional.of(list);
      StringJoiner written = new StringJoiner(", ", context.memberName().getText() + "[", "]");
      context.dimension().forEach(dimension -> written.add(dimension.getText()));
      text = written.toString();
    }
    return new TypeExpression(span(context), text, name(context.memberName()), dimensions);
  }

  Expression expression(ExpressionContext context) {
    return expressions.expression(context);
  }

  List<Expression> expressions(List<ExpressionContext> contexts) {
    return contexts.stream().map(this::expression).toList();
  }

  Name name(NameContext context) {
    return new Name(span(context), context.getText());
  }

  Name name(MemberNameContext context) {
    return new Name(span(context), context.getText());
  }

  Span span(ParserRuleContext context) {
    Token start = context.getStart();
    Token stop = context.getStop();
    Span first = SourceParser.spanOf(start);
    return stop == null || stop.getTokenIndex() < start.getTokenIndex()
        ? first
        : first.to(SourceParser.spanOf(stop));
  }

  /** The lines {@code /// …} directly before {@code context}, without the slashes. */
  private String documentation(ParserRuleContext context) {
    List<Token> comments =
        tokens.getHiddenTokensToLeft(context.getStart().getTokenIndex(), Token.HIDDEN_CHANNEL);
    StringJoiner lines = new StringJoiner("\n");
    if (comments != null) {
      for (Token comment : comments) {
        if (comment.getType() == DlmLexer.DOC_COMMENT) {
          lines.add(comment.getText().substring(3).strip());
        }
      }
    }
    return lines.toString();
  }

  private static Optional<Name> nameOfInvalid(DeclarationContext context) {
    for (int i = 0; i < context.getChildCount(); i++) {
      if (context.getChild(i) instanceof ParserRuleContext declaration) {
        for (int j = 0; j < declaration.getChildCount(); j++) {
          if (declaration.getChild(j) instanceof NameContext name && name.getStop() != null) {
            return Optional.of(
                new Name(SourceParser.spanOf(name.getStart()), name.getStart().getText()));
          }
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The names before the first {@code =} or {@code :}, so that their later uses are no further
   * mistakes.
   */
  private List<Name> namesOfInvalid(StatementContext context) {
    List<Name> names = new ArrayList<>();
    int index = context.getStart().getTokenIndex();
    for (; index < tokens.size(); index++) {
      Token token = tokens.get(index);
      if (token.getChannel() != Token.DEFAULT_CHANNEL || token.getType() == DlmLexer.COMMA) {
        continue;
      }
      if (!Character.isLetter(token.getText().codePointAt(0))) {
        break;
      }
      names.add(new Name(SourceParser.spanOf(token), token.getText()));
    }
    return names;
  }

  static IllegalStateException unknown(ParseTree tree) {
    return new IllegalStateException("no rule builds " + tree.getClass().getSimpleName());
  }
}
