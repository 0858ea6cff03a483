package dev.migrator.testkit.apiserver;

/**
 * Decides what goes wrong with counted requests; see {@link Fault}.
 *
 * <p>Called on the thread that carries the request, outside every lock of the server, so it may
 * itself use an actor client. Requests of actors never come here.
 */
public interface FaultHook {

  /** A hook under which nothing goes wrong. */
  FaultHook NONE = new FaultHook() {};

  /** Called once before a request takes effect. */
  default Fault before(ApiRequest request) {
    return Fault.NONE;
  }

  /**
   * Called once after a request took effect and before the caller learns of it; also when the
   * server refused it.
   *
   * @param request the request
   * @param code the HTTP status that the caller is about to get
   * @return what goes wrong; a delay then delays the answer only
   */
  default Fault after(ApiRequest request, int code) {
    return Fault.NONE;
  }
}
