package dev.dlm.ir;

import dev.dlm.diagnostic.Location;

/**
 * A condition on symbolic sizes that could not be decided when the graph was built. The runtime
 * checks it when it binds sizes.
 *
 * @param reason what needs it, for example {@code add: operand sizes}
 */
public record Guard(Relation relation, Dim left, Dim right, String reason, Location location) {
  /** How the two sizes must compare. */
  public enum Relation {
    EQUAL("=="),
    AT_MOST("<=");

    private final String sign;

    Relation(String sign) {
      this.sign = sign;
    }

    public String sign() {
      return sign;
    }

    public boolean holds(long left, long right) {
      return switch (this) {
        case EQUAL -> left == right;
        case AT_MOST -> left <= right;
      };
    }
  }

  @Override
  public String toString() {
    return left + " " + relation.sign() + " " + right;
  }
}
