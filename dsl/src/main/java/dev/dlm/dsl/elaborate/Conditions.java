package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Expression;
import dev.dlm.dsl.syntax.Expression.BinaryOperator;
import dev.dlm.dsl.syntax.Statement;
import dev.dlm.ir.Dim;
import dev.dlm.ir.Guard;
import java.util.Optional;

/** The statement {@code where}: what must hold of sizes. */
final class Conditions {
  private final Frame frame;
  private final Evaluator evaluator;

  Conditions(Frame frame) {
    this.frame = frame;
    this.evaluator = new Evaluator(frame);
  }

  void where(Statement.Where statement) {
    require(statement.condition());
  }

  private void require(Expression condition) {
    if (condition instanceof Expression.Binary binary && binary.operator() == BinaryOperator.AND) {
      require(binary.left());
      require(binary.right());
      return;
    }
    if (condition instanceof Expression.Binary binary) {
      Meaning left = evaluator.evaluate(binary.left());
      Meaning right = evaluator.evaluate(binary.right());
      if (left instanceof Meaning.Size(Dim a) && right instanceof Meaning.Size(Dim b)) {
        Optional<Guard> guard = guard(binary, a, b);
        if (guard.isPresent()) {
          require(guard.get(), binary);
          return;
        }
      }
    }
    if (!evaluator.truth(condition, "where")) {
      throw frame.problem("condition-violated", "this does not hold", condition.span());
    }
  }

  private void require(Guard guard, Expression.Binary condition) {
    Dim difference = guard.left().minus(guard.right());
    boolean broken = difference.isConstant() && !guard.relation().holds(difference.asLong(), 0);
    if (broken) {
      throw frame.problem("condition-violated", "this does not hold: " + guard, condition.span());
    }
    frame.run().trace().require(guard);
  }

  private Optional<Guard> guard(Expression.Binary condition, Dim a, Dim b) {
    return switch (condition.operator()) {
      case EQUAL -> Optional.of(guard(Guard.Relation.EQUAL, a, b, condition));
      case LESS_OR_EQUAL -> Optional.of(guard(Guard.Relation.AT_MOST, a, b, condition));
      case LESS -> Optional.of(guard(Guard.Relation.AT_MOST, a.plus(1), b, condition));
      case GREATER_OR_EQUAL -> Optional.of(guard(Guard.Relation.AT_MOST, b, a, condition));
      case GREATER -> Optional.of(guard(Guard.Relation.AT_MOST, b.plus(1), a, condition));
      case NOT_EQUAL, POWER, TIMES, DIVIDE, REMAINDER, MATRIX_PRODUCT, PLUS, MINUS, AND, OR ->
          Optional.empty();
    };
  }

  private Guard guard(Guard.Relation relation, Dim a, Dim b, Expression.Binary condition) {
    return new Guard(relation, a, b, "where", frame.locate(condition.span()));
  }
}
