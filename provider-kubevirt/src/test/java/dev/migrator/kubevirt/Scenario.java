package dev.migrator.kubevirt;

import java.util.function.Consumer;

/**
 * Something that was done to a move on real controllers, done to one of Migrator's.
 *
 * @param row the row of the contract to which it belongs
 * @param name the scenario's name there
 * @param reach what it disturbs where nothing can be disturbed for one namespace alone
 * @param body what is done and what must come out of it; begins with a stage that is not booted
 */
record Scenario(Seen row, String name, Reach reach, Consumer<Stage> body) {

  /** How far a disturbance reaches. */
  enum Reach {
    /** Its own namespace: any number of such scenarios run side by side. */
    NAMESPACE,
    /** The synchronization controllers: real ones serve every namespace. */
    SYNC,
    /** Both clusters: nothing else may run meanwhile. */
    CLUSTER
  }

  static Scenario in(Seen row, String name, Consumer<Stage> body) {
    return new Scenario(row, name, Reach.NAMESPACE, body);
  }

  /** Whether it is the one that stands for its row where time is short. */
  boolean isSample() {
    return row.sample().equals(name);
  }

  void play(Stage stage) {
    body.accept(stage);
  }

  @Override
  public String toString() {
    return name;
  }
}
