package dev.migrator.kubevirt;

/** Which moves need a right; decided by the plan, or only once the machine has been read. */
enum When {
  ALWAYS("always"),
  TWO_CLUSTERS("source and target are two clusters"),
  FULL("`preflight` is `full`"),
  EXPORTS("`serviceExports` is `mcs`"),
  NEW_NAMESPACE("`createNamespace` is set"),
  ADOPTED("`haltedTarget` is `adopt`"),
  REQUESTER("the plan names a requester"),
  /** Of a host that runs its hooks, or keeps its statuses, with the classes of this provider. */
  HOOKS("hooks run as Jobs"),
  STATUSES("statuses are ConfigMaps"),
  REFERRED("the machine refers to one"),
  FULL_REFERRED("`preflight` is `full` and the machine refers to one"),
  KEPT("the machine refers to one and `instancetypes` is not `expand`"),
  VOLUMES("the machine has volumes"),
  MADE("the target gets one"),
  OWNED("the machine owns its volumes");

  private final String text;

  When(String text) {
    this.text = text;
  }

  /** For people, to be read after "where". */
  String text() {
    return text;
  }

  /** Whether only a validation needs it: the move itself could do without. */
  boolean isForLooking() {
    return this == FULL || this == FULL_REFERRED;
  }

  /** Whether the plan alone decides. */
  boolean isOfPlan() {
    return compareTo(REFERRED) < 0;
  }
}
