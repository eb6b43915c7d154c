import assert from 'node:assert/strict';
import { imageName } from './system-images.ts';

describe('imageName', () => {
  it('is the last part of the name', () => {
    assert.equal(imageName('registry.example/kube-proxy:v1.37.2'), 'kube-proxy');
    assert.equal(imageName('registry.example:5000/coredns/coredns:v1.14.6'), 'coredns');
  });
});
