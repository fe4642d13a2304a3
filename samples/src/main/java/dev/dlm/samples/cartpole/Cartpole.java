package dev.dlm.samples.cartpole;

import java.util.Random;

/**
 * A cart on a rail that balances a pole: Barto, Sutton, Anderson, IEEE Transactions on Systems,
 * Man, and Cybernetics 13, 1983. Each step pushes it to the left or to the right for {@value
 * #STEP_SECONDS} seconds and earns 1; the episode ends when the pole leans, or the cart is, too far
 * to one side, or after {@value #MAX_STEPS} steps.
 */
final class Cartpole {
  /** Numbers that describe a state. */
  static final int STATE = 4;

  static final int ACTIONS = 2;
  static final int MAX_STEPS = 500;

  private static final double STEP_SECONDS = 0.02;
  private static final double GRAVITY = 9.8;
  private static final double CART_KILOGRAMS = 1.0;
  private static final double POLE_KILOGRAMS = 0.1;
  private static final double HALF_POLE_METRES = 0.5;
  private static final double PUSH_NEWTONS = 10.0;
  private static final double MAX_METRES = 2.4;
  private static final double MAX_RADIANS = 12 * Math.PI / 180;

  private final Random random;
  private double position;
  private double velocity;
  private double angle;
  private double angularVelocity;
  private int steps;

  Cartpole(Random random) {
    this.random = random;
    reset();
  }

  /** Begins an episode near the upright rest. */
  void reset() {
    position = random.nextDouble(-0.05, 0.05);
    velocity = random.nextDouble(-0.05, 0.05);
    angle = random.nextDouble(-0.05, 0.05);
    angularVelocity = random.nextDouble(-0.05, 0.05);
    steps = 0;
  }

  /** Position, velocity, angle, angular velocity; metres, radians and seconds. */
  float[] state() {
    return new float[] {(float) position, (float) velocity, (float) angle, (float) angularVelocity};
  }

  /** Pushes the cart for one step: 0 to the left, 1 to the right. */
  void step(int action) {
    double mass = CART_KILOGRAMS + POLE_KILOGRAMS;
    double force = action == 1 ? PUSH_NEWTONS : -PUSH_NEWTONS;
    double sine = StrictMath.sin(angle);
    double cosine = StrictMath.cos(angle);
    double pull =
        (force + POLE_KILOGRAMS * HALF_POLE_METRES * angularVelocity * angularVelocity * sine)
            / mass;
    double angularAcceleration =
        (GRAVITY * sine - cosine * pull)
            / (HALF_POLE_METRES * (4.0 / 3.0 - POLE_KILOGRAMS * cosine * cosine / mass));
    double acceleration =
        pull - POLE_KILOGRAMS * HALF_POLE_METRES * angularAcceleration * cosine / mass;
    position += STEP_SECONDS * velocity;
    velocity += STEP_SECONDS * acceleration;
    angle += STEP_SECONDS * angularVelocity;
    angularVelocity += STEP_SECONDS * angularAcceleration;
    steps++;
  }

  /** Whether the pole fell or the cart left the rail. */
  boolean hasFailed() {
    return Math.abs(position) > MAX_METRES || Math.abs(angle) > MAX_RADIANS;
  }

  /** Whether the episode is over, by failure or by its length. */
  boolean isOver() {
    return hasFailed() || steps >= MAX_STEPS;
  }

  /** Steps since the episode began, which is also what it earned. */
  int steps() {
    return steps;
  }
}
