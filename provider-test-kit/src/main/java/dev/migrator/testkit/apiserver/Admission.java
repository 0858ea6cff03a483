package dev.migrator.testkit.apiserver;

/**
 * Looks at every create, update and delete of one kind before it is stored, as an admission webhook
 * does: it may change the object in place, or refuse it.
 *
 * <p>Called on the thread that carries the request, for dry runs and status updates too (look at
 * {@link AdmissionReview#subresource()}), with the storage of that cluster locked: it may read and
 * write the same cluster through an actor client on the same thread, and must not wait for another
 * thread. A retried request is asked about again.
 */
@FunctionalInterface
public interface Admission {

  /**
   * Reviews one request.
   *
   * @param review the request
   * @throws AdmissionDenied when the request is to be refused
   */
  void review(AdmissionReview review);
}
