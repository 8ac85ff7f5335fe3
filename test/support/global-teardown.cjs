module.exports = async () => {
  await globalThis.hubTestServer?.stop();
  globalThis.hubTestServer = undefined;
};
