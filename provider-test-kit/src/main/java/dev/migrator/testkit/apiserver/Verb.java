package dev.migrator.testkit.apiserver;

/** What a request asks for, as Kubernetes' RBAC names it in lower case. */
public enum Verb {
  GET,
  LIST,
  WATCH,
  CREATE,
  UPDATE,
  PATCH,
  DELETE,
  DELETECOLLECTION;

  /** Returns whether a request of this verb changes something. */
  public boolean writes() {
    return this != GET && this != LIST && this != WATCH;
  }
}
